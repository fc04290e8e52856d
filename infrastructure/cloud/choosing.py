"""Which stacks a command is about, and whether a person agrees to what it is to do."""

import sys
from collections.abc import Sequence

from deployments.declaration.problems import suggestion
from infrastructure.cloud.declared import Declared
from infrastructure.cloud.plans import StackPlan
from infrastructure.cloud.stacks import Stack
from utilities.errors import ChangeRefused, ParameterInvalid


def choose(declared: Declared, only: Sequence[str]) -> list[Stack]:
    """Return stacks by the names of their templates, in order; all of them without a name."""
    known = [stack.template for stack in declared.templates]
    for name in only:
        if name not in known:
            raise ParameterInvalid(
                f"--only {name}: there is no such template.{suggestion(name, known, 'There are')}"
            )
    return [stack for stack in declared.templates if not only or stack.template in only]


def require_order(plans: Sequence[StackPlan]) -> None:
    """Raise ParameterInvalid when a chosen stack needs one that is neither there nor chosen."""
    chosen = {plan.stack for plan in plans}
    for plan in plans:
        missing = [each for each in plan.inputs.waits_for if each not in chosen]
        if missing:
            options = " ".join(f"--only {each.template}" for each in missing)
            raise ParameterInvalid(
                f"--only {plan.stack.template}: it needs outputs of "
                f"{' and '.join(each.name for each in missing)}, which give none yet. Add "
                f"{options}, or leave --only out."
            )


def require_consent(question: str, *, is_given: bool) -> None:
    """Ask a person; raises unless the answer is yes.

    Args:
        question: that can be answered with yes.
        is_given: it was answered by --yes already.

    Raises:
        ParameterInvalid: there is nobody to ask.
        ChangeRefused: the answer was not yes.
    """
    if is_given:
        return
    if not sys.stdin.isatty():
        raise ParameterInvalid(
            "Nobody can be asked whether to carry this out: standard input is no terminal. "
            "Nothing was changed. Add --yes to do it without being asked."
        )
    try:
        answer = input(f"{question} [y/N] ")
    except EOFError:
        answer = ""
    if answer.strip().lower() not in ("y", "yes"):
        raise ChangeRefused("The answer was not yes. Nothing was changed.")
