"""The pages of accounts, by address: getting one, getting in, and what a person sets for themselves."""

from fairhold.web.handlers import entrance, sign_in, sign_up
from fairhold.web.visits import Handler

ACCOUNT_TABLE: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/sign-in", sign_in.sign_in_page),
    ("POST", "/sign-in", entrance.be_somebody),
    ("POST", "/sign-in/password", sign_in.sign_in),
    ("GET", "/sign-in/second-step", sign_in.second_step_page),
    ("POST", "/sign-in/second-step", sign_in.second_step),
    ("POST", "/sign-out", entrance.sign_out),
    ("GET", "/sign-up", sign_up.sign_up_page),
    ("POST", "/sign-up", sign_up.sign_up),
    ("GET", "/sign-up/confirm", sign_up.welcome_page),
    ("POST", "/sign-up/confirm", sign_up.welcome),
    ("GET", "/forgotten", sign_up.forgotten_page),
    ("POST", "/forgotten", sign_up.forgotten),
    ("GET", "/reset", sign_up.reset_page),
    ("POST", "/reset", sign_up.reset),
)
