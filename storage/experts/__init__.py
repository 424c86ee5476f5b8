"""Who knows: what people may be asked about, as they claim, others endorse and their learnings earned; and who is found for it.

`tags` are a person's own; `endorsing` is what others say, and `asking` the weekly question without whose yes none of it counts;
`wishes` is who is found at all, and `findable` by whom; `names` is what topics are called; `questions` is how what is asked
is understood, `finding` looks, and `ranking` says who comes first; `unclaimed` are topics that nobody stands for.
Somebody may also ask such people privately: `private_questions` is asking, `private_answers` what comes of it,
`private_endings` that nothing did, and `private_views` how it stands.
"""
