"""What the calls of the made-up program say, in four languages; data, not code."""

import math

from alongside.core.quotas import Quota

CALL = {
    "en": {
        "title": "Become a community lead",
        "purpose": "You know your community, and people trust you. Work alongside City staff for ten months, and decide with your neighbors what the City should do with data and technology.",
        "doing": "Plan evenings, visits and questions with your community\nHold a key: only leads can open what people said\nWrite down what you heard, in your own words. The City cannot edit it\nSay what should be done, and check that it was\nLook at City maps and dashboards before they come out",
        "seeks": "People from communities that data and technology have hurt the most. You do not need a degree, a company, or work of this kind before. Caring for family, organizing, translating for neighbors: all of that counts. You must be 18 or over and live, work or worship in the city.",
        "access": "Childcare, rides, interpreters and food are paid. Meetings are in the evening or on Saturdays, in a place with a ramp and a quiet room, or by phone.",
        "choosing": "Two people read each application apart from each other: a lead or a neighbor, and someone from the City. A panel talks with the highest ten and writes down its reasons.",
    },
    "es": {
        "title": "Sea líder comunitario",
        "purpose": "Usted conoce a su comunidad y la gente confía en usted. Trabaje diez meses junto al personal de la Ciudad y decida con sus vecinos qué debe hacer la Ciudad con los datos y la tecnología.",
        "doing": "Planear reuniones, visitas y preguntas con su comunidad\nTener una llave: solo los líderes abren lo que dijo la gente\nEscribir lo que oyó, con sus palabras. La Ciudad no puede cambiarlo\nDecir qué debe hacerse y comprobar que se hizo\nMirar los mapas y tableros de la Ciudad antes de que salgan",
        "seeks": "Personas de las comunidades a las que los datos y la tecnología han hecho más daño. No hace falta título, empresa ni un trabajo así antes. Cuidar a la familia, organizar, traducir para los vecinos: todo cuenta. Debe tener 18 años o más y vivir, trabajar o rezar en la ciudad.",
        "access": "Se pagan el cuidado de niños, el transporte, los intérpretes y la comida. Las reuniones son por la tarde o en sábado, en un lugar con rampa y una sala tranquila, o por teléfono.",
        "choosing": "Dos personas leen cada solicitud por separado: un líder o un vecino, y alguien de la Ciudad. Un panel habla con las diez mejores y escribe sus razones.",
    },
    "vi": {
        "title": "Trở thành người đại diện cộng đồng",
        "purpose": "Quý vị hiểu cộng đồng mình và được mọi người tin cậy. Hãy làm việc cùng nhân viên Thành phố trong mười tháng và cùng hàng xóm quyết định Thành phố nên làm gì với dữ liệu và công nghệ.",
        "doing": "Lên kế hoạch các buổi tối, chuyến thăm và câu hỏi với cộng đồng\nGiữ chìa khóa: chỉ người đại diện mới mở được lời người dân nói\nViết lại điều đã nghe bằng lời của mình. Thành phố không thể sửa\nNói việc gì cần làm và kiểm tra xem đã làm chưa\nXem bản đồ và bảng số liệu của Thành phố trước khi công bố",
        "seeks": "Người từ các cộng đồng bị dữ liệu và công nghệ gây hại nhiều nhất. Không cần bằng cấp, công ty hay kinh nghiệm loại này. Chăm sóc gia đình, tổ chức, dịch giúp hàng xóm: tất cả đều được tính. Quý vị phải từ 18 tuổi và sống, làm việc hoặc đi lễ trong thành phố.",
        "access": "Chi phí giữ trẻ, đi lại, thông dịch và ăn uống được trả. Họp vào buổi tối hoặc thứ Bảy, ở nơi có lối dốc và phòng yên tĩnh, hoặc qua điện thoại.",
        "choosing": "Hai người đọc riêng từng đơn: một người đại diện hoặc hàng xóm, và một người của Thành phố. Một hội đồng nói chuyện với mười đơn cao nhất và viết ra lý do.",
    },
    "ar": {
        "title": "كن شريكًا مجتمعيًا",
        "purpose": "أنت تعرف مجتمعك والناس يثقون بك. اعمل مع موظفي المدينة عشرة أشهر، وقرّر مع جيرانك ما ينبغي للمدينة أن تفعله بالبيانات والتقنية.",
        "doing": "تخطيط أمسيات وزيارات وأسئلة مع مجتمعك\nحمل مفتاح: الشركاء وحدهم يفتحون ما قاله الناس\nكتابة ما سمعته بكلماتك. لا تستطيع المدينة تعديله\nقول ما ينبغي عمله والتحقق من أنه عُمل\nالنظر في خرائط المدينة ولوحاتها قبل صدورها",
        "seeks": "أناس من المجتمعات التي آذتها البيانات والتقنية أكثر من غيرها. لا تحتاج إلى شهادة أو شركة أو عمل سابق من هذا النوع. رعاية الأسرة والتنظيم والترجمة للجيران: كل ذلك محسوب. يجب أن تكون في الثامنة عشرة أو أكبر وأن تسكن أو تعمل أو تتعبد في المدينة.",
        "access": "تُدفع تكاليف رعاية الأطفال والمواصلات والترجمة والطعام. الاجتماعات مساءً أو أيام السبت، في مكان فيه منحدر وغرفة هادئة، أو بالهاتف.",
        "choosing": "يقرأ شخصان كل طلب على حدة: شريك أو جار، وشخص من المدينة. ثم تتحدث لجنة مع أعلى عشرة طلبات وتكتب أسبابها.",
    },
}
QUESTIONS = [
    {
        "key": "q1",
        "words": {
            "en": "Which community do you know well, and how?",
            "es": "¿Qué comunidad conoce bien, y cómo?",
            "vi": "Quý vị hiểu rõ cộng đồng nào, và vì sao?",
            "ar": "أي مجتمع تعرفه جيدًا، وكيف؟",
        },
        "hint": {
            "en": "A street, a school, a faith, a language, people who ride the same bus.",
            "es": "Una calle, una escuela, una fe, un idioma, quienes van en el mismo autobús.",
            "vi": "Một con phố, một ngôi trường, một tôn giáo, một ngôn ngữ, những người đi cùng tuyến xe buýt.",
            "ar": "شارع أو مدرسة أو إيمان أو لغة أو ركاب الحافلة نفسها.",
        },
    },
    {
        "key": "q2",
        "words": {
            "en": "Tell of a time when data, a camera or a form did harm, to you or to people near you.",
            "es": "Cuente una vez en que unos datos, una cámara o un formulario hicieron daño, a usted o a gente cercana.",
            "vi": "Hãy kể một lần dữ liệu, máy quay hay mẫu đơn đã gây hại cho quý vị hoặc người gần gũi.",
            "ar": "احكِ عن مرة آذتك فيها بيانات أو كاميرا أو استمارة، أو آذت من حولك.",
        },
        "hint": {
            "en": "Say only what you want to say.",
            "es": "Diga solo lo que quiera decir.",
            "vi": "Chỉ nói điều quý vị muốn nói.",
            "ar": "قل ما تريد قوله فقط.",
        },
    },
    {
        "key": "q3",
        "words": {
            "en": "How have you brought people together before?",
            "es": "¿Cómo ha reunido a la gente antes?",
            "vi": "Trước đây quý vị đã đưa mọi người lại với nhau như thế nào?",
            "ar": "كيف جمعت الناس من قبل؟",
        },
    },
]
CRITERIA = [
    {
        "key": "c1",
        "points": 5,
        "words": {
            "en": "Knows a community from inside",
            "es": "Conoce una comunidad desde dentro",
            "vi": "Hiểu một cộng đồng từ bên trong",
            "ar": "يعرف مجتمعًا من داخله",
        },
        "means": {
            "en": "Tells it from their own life, with people in it",
            "es": "Lo cuenta desde su propia vida, con personas",
            "vi": "Kể từ chính cuộc sống của mình, có con người trong đó",
            "ar": "يرويه من حياته، وفيه أناس",
        },
    },
    {
        "key": "c2",
        "points": 5,
        "words": {
            "en": "Sees what data can do to people",
            "es": "Ve lo que los datos pueden hacer a la gente",
            "vi": "Thấy được dữ liệu có thể gây ra điều gì cho con người",
            "ar": "يرى ما قد تفعله البيانات بالناس",
        },
        "means": {
            "en": "Says what happened, who was hurt and what would have helped",
            "es": "Dice qué pasó, a quién dañó y qué habría ayudado",
            "vi": "Nói điều đã xảy ra, ai bị hại và điều gì lẽ ra đã giúp được",
            "ar": "يقول ما حدث ومن تأذى وما كان سينفع",
        },
    },
    {
        "key": "c3",
        "points": 3,
        "words": {
            "en": "Brings people together",
            "es": "Reúne a la gente",
            "vi": "Gắn kết mọi người",
            "ar": "يجمع الناس",
        },
        "means": {
            "en": "Has done it, in any form: a meal, a list, a protest, a class",
            "es": "Lo ha hecho de cualquier forma: una comida, una lista, una protesta, una clase",
            "vi": "Đã làm, dưới mọi hình thức: bữa ăn, danh sách, biểu tình, lớp học",
            "ar": "فعل ذلك بأي شكل: وجبة أو قائمة أو احتجاج أو درس",
        },
    },
]
SOUGHT = [
    {
        "key": "s1",
        "least": 2,
        "words": {
            "en": "People who rent their home",
            "es": "Personas que alquilan su casa",
            "vi": "Người thuê nhà",
            "ar": "من يستأجرون بيوتهم",
        },
    },
    {
        "key": "s2",
        "least": 1,
        "words": {
            "en": "People who ride the bus to work",
            "es": "Personas que van en autobús al trabajo",
            "vi": "Người đi làm bằng xe buýt",
            "ar": "من يذهبون إلى العمل بالحافلة",
        },
    },
    {
        "key": "s3",
        "least": 1,
        "words": {
            "en": "People who speak with neighbors in two languages",
            "es": "Personas que hablan con sus vecinos en dos idiomas",
            "vi": "Người nói chuyện với hàng xóm bằng hai ngôn ngữ",
            "ar": "من يكلمون جيرانهم بلغتين",
        },
    },
]
#: What made-up applicants say: name, language, the three answers, and which of the sought they bring.
APPLICANTS = (
    (
        "Applicant A",
        "en",
        (
            "Everyone on my stairs. I carry the keys when someone is ill.",
            "The new door wanted a phone. My neighbor has none and sat outside.",
            "A list on the wall: who cooks on which day.",
        ),
        ("s1",),
    ),
    (
        "Applicant B",
        "es",
        (
            "La parada del 14. Llevo once años tomando el mismo autobús.",
            "Una cámara leyó mal una placa y multaron a mi primo dos veces.",
            "Organicé una recogida de firmas en la parada.",
        ),
        ("s2", "s3"),
    ),
    (
        "Applicant C",
        "vi",
        (
            "Khu chợ cuối tuần, nơi tôi dịch giúp mọi người.",
            "Mẫu đơn chỉ có tiếng Anh nên nhiều người bỏ qua.",
            "Lớp học buổi tối cho hàng xóm.",
        ),
        ("s3",),
    ),
    (
        "Applicant D",
        "en",
        (
            "Parents at the school gate.",
            "An app told everyone which child gets free lunch.",
            "We walked to the office together, forty of us.",
        ),
        ("s1", "s2"),
    ),
    (
        "Applicant E",
        "ar",
        ("المصلّون في حيّنا، أعرف أكثرهم بالاسم.", "طُلب رقم لا نملكه فأُغلق الطلب.", "ننظّم عشاءً كل شهر."),
        ("s3",),
    ),
    (
        "Applicant F",
        "en",
        (
            "People who use a chair and the ramps we fought for.",
            "The map said a ramp was there. It was a stair.",
            "I ran a phone tree for three winters.",
        ),
        ("s1",),
    ),
)

BALANCE = (Quota("part-of-city", "river-side", 2, 3), Quota("part-of-city", "hill-side", 2, 3))
BALANCE_BY_AGE = (Quota("age", "under-30", 1, 5), Quota("age", "from-30", 0, 5))
PARTS = ("river-side", "hill-side")
COUNSEL = {
    "office": "The made-up City Attorney",
    "words": "A minimum of one seat for people under 30 may be set, because the last cohort had none. Look at it again next year.",
}
HOUSE = "The made-up Newcomers’ House"
HELPERS = (
    ("The front desk of the Newcomers’ House", "types-in"),
    ("Someone at the Newcomers’ House who listens", "writes-down"),
)


def sound() -> bytes:
    """Make a second of quiet sound, as a stand-in for a voice."""
    samples = bytes(128 + round(12 * math.sin(place / 6)) for place in range(8000))
    head = b"WAVEfmt " + (16).to_bytes(4, "little") + b"\1\0\1\0" + (8000).to_bytes(4, "little") * 2
    body = head + b"\1\0\x08\0" + b"data" + len(samples).to_bytes(4, "little") + samples
    return b"RIFF" + len(body).to_bytes(4, "little") + body
