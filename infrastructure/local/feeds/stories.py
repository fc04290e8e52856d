"""What the newsrooms publish: made up, always the same, one more story an hour.

A story is a function of its number alone, so a newsroom needs no memory, and any hour in the past
or the future can be looked at.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FOUNDED = datetime(2026, 11, 1, tzinfo=UTC)
INTERVAL = timedelta(hours=1)
CORRECTED_EVERY = 5
CORRECTED_AFTER = timedelta(hours=3)

_PLACES = ("Alder Street", "the Old Mill", "Quarry Hill", "Pier 4", "the Fish Market", "Elm Park")
_SUBJECTS = (
    ("New benches for {}", "parks"),
    ("Night bus will stop at {}", "transport"),
    ("Volunteers plant forty trees at {}", "parks"),
    ("Repairs begin at {}", "works"),
    ("A lost parrot is found at {}", "people"),
    ("Public hearing about {} & its neighbours", "council"),
    ("Café at {} opens again", "people"),
)
_WRITERS = ("Ada Example", "Bo Sample", "Çelik Placeholder")


@dataclass(frozen=True)
class Story:
    """One story, as it is at some hour.

    Attributes:
        number: from 1.
        published, updated: in UTC; they differ when it was corrected since.
    """

    number: int
    title: str
    author: str
    category: str
    html: str
    published: datetime
    updated: datetime


def count_at(now: datetime) -> int:
    """Return how many stories there are."""
    return max(0, (now - FOUNDED) // INTERVAL)


def latest(now: datetime, count: int) -> list[Story]:
    """Return the newest stories, the newest first."""
    newest = count_at(now)
    return [story_at(number, now) for number in range(newest, max(0, newest - count), -1)]


def story_at(number: int, now: datetime) -> Story:
    """Return a story as it stands now; some are corrected a few hours after they came out."""
    subject, category = _SUBJECTS[number % len(_SUBJECTS)]
    title = subject.format(_PLACES[number % len(_PLACES)])
    published = FOUNDED + number * INTERVAL
    is_corrected = not number % CORRECTED_EVERY and now >= published + CORRECTED_AFTER
    return Story(
        number=number,
        title=f"{title} (corrected)" if is_corrected else title,
        author=_WRITERS[number % len(_WRITERS)],
        category=category,
        html=f"<p>{title.replace('&', '&amp;')}, our reporter writes. <b>Story {number:,}</b>.</p>",
        published=published,
        updated=published + CORRECTED_AFTER if is_corrected else published,
    )
