"""`fairhold policy list`, `show`, `check` and `explain`."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from fairhold.cli.options import PolicyName, settings_from
from fairhold.cli.policy.places import line_of
from fairhold.cli.policy.sentences import sections
from fairhold.cli.stopping import CLEAN, FOUND_SOMETHING, Stop
from fairhold.cli.terminal import say, say_json
from fairhold.domain import liveness
from fairhold.domain.instants import DAY, HOUR, Duration
from fairhold.domain.policy import Policy, PolicyProblem
from fairhold.engine.installation.policies import PRESETS, PolicyError, parse_policy, preset_text, read_policies

Name = Annotated[str, Parameter(help="A preset's name, or a TOML file.")]
Json = Annotated[bool, Parameter(help="Print it as JSON.", negative="")]


def list_(*, json: Json = False, policy: PolicyName = None) -> int:
    """List the policies that orders may be placed under; the marketplace's own comes first."""
    book = read_policies(settings_from(policy=policy).policy)
    if json:
        say_json([{"name": one.name, "version": one.version, "summary": one.summary} for one in book.all()])
        return CLEAN
    width = max(len(one.name) for one in book.all())
    for one in book.all():
        mark = "*" if one is book.default else " "
        say(f"{mark} {one.name.ljust(width)}  {one.summary}")
    say("\n* this marketplace's own (FAIRHOLD_POLICY)")
    return CLEAN


def show(name: Name, /, *, json: Json = False) -> int:
    """Print a policy's file as it stands, comments included: the beginning of one of your own."""
    text = _text(name)
    if json:
        say_json(parse_policy(text, name))
    else:
        say(text.rstrip("\n"))
    return CLEAN


def check(file: Annotated[Path, Parameter(help="The TOML file.")], /, *, json: Json = False) -> int:
    """Check a policy file: every value, whether they hold together, and whether every order that holds money ends.

    Exits 1 when something is wrong, and says which key on which line.
    """
    text = _text(str(file))
    try:
        policy = parse_policy(text, str(file))
        problems = liveness.check(policy)
    except PolicyError as error:
        policy, problems = None, error.problems
    outlasted = _outlasted(policy) if policy is not None else []
    if json:
        say_json({"problems": [_located(text, problem) for problem in problems], "notes": outlasted})
        return FOUND_SOMETHING if problems else CLEAN
    for problem in problems:
        line = line_of(text, problem.key)
        say(f"{file}{f':{line}' if line else ''}: {problem.key} {problem.message}")
    if policy is None or problems:
        say(f"\n{len(problems)} thing{'s' if len(problems) != 1 else ''} to mend; `fairhold policy show aliexpress`"
            " prints a file with every option and what it means.")  # fmt: skip
        return FOUND_SOMETHING
    say(
        f"{file}: the policy {policy.name}, version {policy.version}, holds together; every order that holds money ends."
    )
    for note in outlasted:
        say(f"Note: {note}")
    return CLEAN


def explain(name: Name, /) -> int:
    """Say what a policy means: every number and option as a sentence, and the longest way of an order."""
    policy = parse_policy(_text(name), name)
    say(f"{policy.name}, version {policy.version}", style="bold")
    if policy.summary:
        say(policy.summary)
    for section, options in sections(policy).items():
        say(f"\n{section.capitalize()}", style="bold")
        width = max(len(option) for option, _ in options)
        for option, sentence in options:
            say(f"  {option.ljust(width)}  {sentence}")
    say("\nThe longest way from payment to the end", style="bold")
    steps = liveness.longest_path(policy)
    width = max(len(step.what) for step in steps)
    for step in steps:
        say(f"  {step.what.ljust(width)}  {_length(step.length):>9}")
    whole = Duration(sum(step.length for step in steps))
    say(f"  {'together'.ljust(width)}  {_length(whole):>9}")
    say("\nPayment providers", style="bold")
    for line in _providers(policy, whole):
        say(f"  {line}")
    return CLEAN


def _providers(policy: Policy, whole: Duration) -> list[str]:
    lines = []
    for provider in policy.providers:
        if not provider.ceiling_days:
            lines.append(f"{provider.name} holds money without end.")
            continue
        left = provider.ceiling_days * DAY - whole
        verdict = "the longest way fits" if left >= 0 else "the longest way does not fit: what is left then is refunded"
        sign = "-" if left >= 0 else "short by"
        lines.append(
            f"{provider.name} holds money for {provider.ceiling_days} days; {verdict}"
            f" ({provider.ceiling_days} days {sign} {_length(Duration(abs(left)))})."
        )
    return lines


def _outlasted(policy: Policy) -> list[str]:
    return [
        f"the longest way takes {days} days, and {provider} holds money for {ceiling}: an order that takes longer is"
        " refunded at that ceiling"
        for provider, ceiling, days in liveness.outlasted(policy)
    ]


def _length(length: Duration) -> str:
    days, rest = divmod(length, DAY)
    hours = rest // HOUR
    return " ".join([f"{days} d"] * bool(days) + [f"{hours} h"] * bool(hours or not days))


def _located(text: str, problem: PolicyProblem) -> dict[str, object]:
    return {"key": problem.key, "message": problem.message, "line": line_of(text, problem.key)}


def _text(name: str) -> str:
    if name in PRESETS:
        return preset_text(name)
    try:
        return Path(name).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Stop(f"{name} is not UTF-8: {error.reason} at byte {error.start}.", "Save it as UTF-8.") from None
    except OSError as error:
        hint = f"Presets are {', '.join(PRESETS)}; anything else must be a TOML file."
        raise Stop(f"There is no policy {name}: {error.strerror}.", hint) from None
