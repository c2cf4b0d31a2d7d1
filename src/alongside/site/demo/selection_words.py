"""What is said in the made-up selection: public words in four languages, private ones in the language of whoever writes."""

READERS = ("A reader from the east side", "A reader from the tenants’ hall")
WHY = "Tells it from their own street, and says what should change."
LINE = "Everyone above the line tells of a community from inside it. Below it, we could not see that yet. Please apply again."
PANEL = {
    "lottery": "You know your community from inside, and you say what should change. The lottery decides between equals.",
    "no": "You wrote about a city far from here. We looked for people who live with what is decided in Riverbend.",
}
MORE = (
    (
        "Made-up applicant seven",
        "The night bus drivers of the depot.",
        "Ask the drivers before the cameras go in.",
    ),
    (
        "Made-up applicant eight",
        "Families in the towers by the river.",
        "Say what is kept, and for how long.",
    ),
    ("Made-up applicant nine", "Deaf people who meet at the hall.", "Put captions on every meeting."),
    ("Made-up applicant ten", "People who sell food on the square.", "Stop sharing our permits."),
    ("Made-up applicant eleven", "Grandparents who raise children.", "Write letters that one can read."),
    ("Made-up applicant twelve", "People who came home from prison.", "Do not score us by our past."),
)
SEED = {
    "en": "The six evening numbers of the made-up State Lottery on the day of the seed, in ascending order, two digits each, with one space between them. If none are drawn that day, those of the next drawing.",
    "es": "Los seis números de la noche de la Lotería Estatal inventada en el día de la semilla, de menor a mayor, con dos cifras cada uno y un espacio entre ellos. Si ese día no hay sorteo, los del sorteo siguiente.",
    "vi": "Sáu số buổi tối của Xổ số Tiểu bang hư cấu vào ngày lấy số gốc, xếp từ nhỏ đến lớn, mỗi số hai chữ số, cách nhau một dấu cách. Nếu hôm đó không quay số thì lấy kỳ quay kế tiếp.",
    "ar": "أرقام المساء الستة ليانصيب الولاية المتخيَّل في يوم البذرة، مرتبة من الأصغر إلى الأكبر، كل رقم من خانتين وبينها مسافة واحدة. وإن لم يُجرَ سحب في ذلك اليوم فأرقام السحب التالي.",
}
NUMBERS = "04 11 19 27 33 41"
WITNESSES = (
    (
        "Made-up witness one",
        "The county library",
        {
            "en": "A librarian of the county",
            "es": "Una persona bibliotecaria del condado",
            "vi": "Một thủ thư của quận",
            "ar": "أمين مكتبة في المقاطعة",
        },
    ),
    (
        "Made-up witness two",
        "The college by the river",
        {
            "en": "A teacher of mathematics at a college",
            "es": "Una persona que enseña matemáticas en un colegio universitario",
            "vi": "Một giáo viên toán ở trường cao đẳng",
            "ar": "معلّم رياضيات في كلية",
        },
    ),
)
CLOSED = {
    "en": "Two people read each application without names. A panel of readers judged those above the line and wrote down why. Everyone whom the panel found ready went into a lottery, because choosing between them would have been taste.",
    "es": "Dos personas leyeron cada solicitud sin nombres. Un panel de lectores juzgó las que pasaron la línea y escribió por qué. Todas las personas que el panel vio preparadas entraron en un sorteo, porque elegir entre ellas habría sido cuestión de gusto.",
    "vi": "Hai người đọc mỗi đơn mà không thấy tên. Một nhóm người đọc xét các đơn trên mức và ghi lý do. Mọi người được nhóm thấy là sẵn sàng đều vào bốc thăm, vì chọn giữa họ chỉ còn là sở thích.",
    "ar": "قرأ شخصان كل طلب دون أسماء. ونظرت لجنة من القراء في الطلبات التي تجاوزت الحد وكتبت الأسباب. ودخل القرعةَ كلُّ من رأته اللجنة مستعدًا، لأن المفاضلة بينهم كانت ستكون مسألة ذوق.",
}
ONE_SEAT = {
    "en": {"title": "One seat in the cohort is free"},
    "es": {"title": "Hay un puesto libre en el grupo de líderes"},
    "vi": {"title": "Nhóm có một ghế trống"},
    "ar": {"title": "مقعد واحد شاغر في المجموعة"},
}
BY_DRAW = {
    "en": {
        "title": "Three seats, given by a draw",
        "choosing": "A public draw decides among everyone who applies. Both sides of the river are balanced. The rules are on the record before the draw, and two people from outside run it again.",
    },
    "es": {
        "title": "Tres puestos que se dan por sorteo",
        "choosing": "Un sorteo público decide entre todas las personas que se presentan. Se equilibran los dos lados del río. Las reglas están en el registro antes del sorteo, y dos personas de fuera lo repiten.",
    },
    "vi": {
        "title": "Ba ghế được trao bằng bốc thăm",
        "choosing": "Một cuộc bốc thăm công khai quyết định giữa tất cả những người nộp đơn. Hai bên bờ sông được cân bằng. Quy tắc có trong hồ sơ trước khi bốc thăm, và hai người bên ngoài chạy lại.",
    },
    "ar": {
        "title": "ثلاثة مقاعد تُمنح بالقرعة",
        "choosing": "تقرر قرعة علنية بين كل من يتقدم. ويُوازَن بين جانبي النهر. القواعد في السجل قبل القرعة، ويعيدها شخصان من الخارج.",
    },
}
