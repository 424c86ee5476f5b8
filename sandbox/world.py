"""What stands in the sandbox's Slack: people, channels, messages, forms; and every change to it.

People's acts (`sandbox.slack`) and the app's Web API calls (`sandbox.api`) go through the same methods here, so that
both obey the same rules and cause the same events. Rules of *who may* (scopes, quotas) belong to the Web API.
"""

from .conversations import Conversations
from .forms import Forms


class World(Conversations, Forms):
    """One workspace. Every method that changes it raises `SlackError` by Slack's name where Slack would refuse."""
