"""What a program decides about pay, the `[pay]` table of the pack; every key may be left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from alongside.core.policy.words import Words

#: The columns that a pack can choose from; `cohort/pay/queries/runs.py` fills them. A name only where `needs_name` says so; nothing else about a person exists here.
COLUMNS = ("payee", "amount", "currency", "reference", "run", "name")
#: The kind of cost that is counted in stubs: what people at a session are given as thanks.
THANKS = "thanks"
NEEDED = ("payee", "amount", "currency", "reference")


@dataclass(frozen=True)
class PayKind:
    """A kind of work or of cost. `after_term` may be logged by someone whose term is over, as a check of a delivery."""

    id: str
    name: Words
    after_term: bool = False


@dataclass(frozen=True)
class Finance:
    """Which of COLUMNS go to the finance system, in their order; headings where theirs differ from ours, also in the file that comes back.

    `tel` is dialed, and `tel_shown` read, by a lead whose account changed.
    """

    columns: tuple[str, ...] = NEEDED
    headings: Mapping[str, str] = field(default_factory=dict)
    back_headings: Mapping[str, str] = field(default_factory=dict)
    needs_name: bool = False
    tel: str | None = None
    tel_shown: str | None = None


@dataclass(frozen=True)
class Pay:
    """How leads are paid. `currencies` begins with the usual one; `retention` names how long notes and bills are kept."""

    currencies: tuple[str, ...] = ("USD",)
    quick_minutes: tuple[int, ...] = (60, 120, 180)
    work: tuple[PayKind, ...] = ()
    costs: tuple[PayKind, ...] = ()
    costs_within_limit: bool = False
    retention: str | None = None
    finance: Finance = field(default_factory=Finance)

    @property
    def kinds_of_work(self) -> tuple[PayKind, ...]:
        """Give the kinds of work of the pack, or the usual ones."""
        return self.work or WORK

    @property
    def kinds_of_cost(self) -> tuple[PayKind, ...]:
        """Give the kinds of cost of the pack, or the usual ones."""
        return self.costs or COSTS

    def kind(self, kind_id: str) -> PayKind | None:
        """Give a kind of work or of cost by its id, or None."""
        return next((one for one in (*self.kinds_of_work, *self.kinds_of_cost) if one.id == kind_id), None)

    def called(self, kind_id: str, lang: str) -> str:
        """Give what a kind is called; its id where the pack no longer has it."""
        kind = self.kind(kind_id)
        return kind.name.say(lang) if kind else kind_id


def _kind(kind_id: str, en: str, es: str, vi: str, ar: str, *, after_term: bool = False) -> PayKind:
    return PayKind(kind_id, Words({"en": en, "es": es, "vi": vi, "ar": ar}), after_term)


WORK = (
    _kind("meeting", "Meeting", "Reunión", "Cuộc họp", "اجتماع"),
    _kind(
        "listening",
        "Listening to people",
        "Escuchar a la gente",
        "Lắng nghe người dân",
        "الاستماع إلى الناس",
    ),
    _kind("writing", "Reading and writing", "Leer y escribir", "Đọc và viết", "القراءة والكتابة"),
    _kind("translating", "Translating", "Traducir", "Dịch văn bản", "ترجمة مكتوبة"),
    _kind("interpreting", "Interpreting", "Interpretar", "Phiên dịch", "ترجمة شفوية"),
    _kind(
        "organizing",
        "Organizing and inviting people",
        "Organizar e invitar a la gente",
        "Tổ chức và mời mọi người",
        "التنظيم ودعوة الناس",
    ),
    _kind("training", "Training", "Formación", "Huấn luyện", "تدريب"),
    _kind(
        "this-tool",
        "Learning this tool",
        "Aprender a usar esta herramienta",
        "Học cách dùng công cụ này",
        "تعلّم استخدام هذه الأداة",
    ),
    _kind(
        "checking",
        "Checking what was done",
        "Comprobar lo que se hizo",
        "Kiểm tra việc đã làm",
        "التحقق مما أُنجز",
        after_term=True,
    ),
)
COSTS = (
    _kind("childcare", "Childcare", "Cuidado de niños", "Trông trẻ", "رعاية الأطفال"),
    _kind("travel", "Travel", "Transporte", "Đi lại", "التنقل"),
    _kind("interpretation", "Interpretation", "Interpretación", "Phiên dịch", "الترجمة الفورية"),
    _kind(
        THANKS,
        "Thank-you money at a session",
        "Dinero de agradecimiento en una sesión",
        "Tiền cảm ơn tại buổi gặp",
        "مال شكر في جلسة",
    ),
)
