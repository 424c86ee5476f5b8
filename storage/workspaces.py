"""The workspaces that installed Outloud."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from .db.upserts import Upsert
from .ids import PersonId, Ts, WorkspaceId
from .tables import Workspace


@dataclass(frozen=True, slots=True)
class Installation:
    """Outloud in a workspace: who it is there, and where its messages stand (`url`, such as https://acme.slack.com/)."""

    workspace: WorkspaceId
    enterprise: str | None
    name: str
    url: str
    bot_user: PersonId
    bot: str


def _install(insert):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the dialect's own builder
    statement = insert(Workspace)
    news = {name: statement.excluded[name] for name in ("enterprise", "name", "url", "bot_user", "bot")}
    return statement.on_conflict_do_update(index_elements=["id"], set_=news)


_INSTALL = Upsert(_install)
_ONE = select(Workspace.__table__).where(Workspace.id == bindparam("of_workspace"))
_HEARD = select(Workspace.heard).where(Workspace.id == bindparam("of_workspace"))


def install(session: Session, new: Installation, *, at: float) -> None:
    """Remember that Outloud is in a workspace, or what became of it since."""
    _INSTALL.run(
        session,
        id=new.workspace,
        enterprise=new.enterprise,
        name=new.name,
        url=new.url,
        bot_user=new.bot_user,
        bot=new.bot,
        installed_at=at,
    )


def find(session: Session, workspace: WorkspaceId) -> Installation | None:
    """The installation in `workspace`, if there is one."""
    row = session.execute(_ONE, {"of_workspace": workspace}).one_or_none()
    if row is None:
        return None
    return Installation(WorkspaceId(row.id), row.enterprise, row.name, row.url, PersonId(row.bot_user), row.bot)


@dataclass(frozen=True, slots=True)
class Signs:
    """Signs of life in a workspace: when Outloud was last there (seconds since 1970, UTC), and Slack's time by then."""

    workspace: WorkspaceId
    name: str
    alive_at: float | None
    heard: Ts | None


def signs(session: Session) -> list[Signs]:
    """Of each workspace."""
    rows = session.execute(select(Workspace.id, Workspace.name, Workspace.alive_at, Workspace.heard))
    return [Signs(WorkspaceId(row.id), row.name, row.alive_at, Ts(row.heard) if row.heard else None) for row in rows]


def heard(session: Session, workspace: WorkspaceId) -> Ts:
    """The newest of Slack's times that was heard some seconds ago; "0" where none was."""
    return Ts(session.scalar(_HEARD, {"of_workspace": workspace}) or "0")
