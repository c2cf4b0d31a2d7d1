"""What the made-up cohort says in four languages: its charter, its meetings, one profile. Data, not code."""

from typing import Any

CHARTER: dict[str, dict[str, str]] = {
    "en": {
        "purpose": "We help people say what City data and technology do to their lives, and we follow it until something changes.\n\nWe speak for what we heard, never for a whole community.",
        "decisions": "We decide together. If we cannot agree in two meetings, we vote, one seat, one vote.\n\nWhoever thinks otherwise can have it written beside the decision.",
        "meetings": "We meet every month. The agenda is public a week before. Children are welcome, and interpreters are paid.",
        "conduct": "We let each other finish. We keep what people told us to ourselves.\n\nA seat ends when a lead is away from four meetings in a row without a word, shares what was said in trust, or puts someone at risk. The lead is told why, and can appeal.",
        "changes": "Any lead can ask to change this charter. A new charter is in force when all have signed it.",
    },
    "es": {
        "purpose": "Ayudamos a la gente a decir qué hacen en su vida los datos y la tecnología de la Ciudad, y lo seguimos hasta que algo cambie.\n\nHablamos por lo que oímos, nunca por toda una comunidad.",
        "decisions": "Decidimos juntos. Si no nos ponemos de acuerdo en dos reuniones, votamos: un puesto, un voto.\n\nQuien piense distinto puede pedir que se escriba junto a la decisión.",
        "meetings": "Nos reunimos cada mes. El orden del día es público una semana antes. Los niños son bienvenidos y los intérpretes reciben pago.",
        "conduct": "Nos dejamos terminar de hablar. Guardamos para nosotros lo que la gente nos contó.\n\nUn puesto termina cuando alguien falta a cuatro reuniones seguidas sin avisar, comparte lo que se dijo en confianza o pone a alguien en riesgo. Se le dice por qué y puede apelar.",
        "changes": "Cualquier líder puede pedir que se cambie esta carta. Una carta nueva vale cuando todos la han firmado.",
    },
    "vi": {
        "purpose": "Chúng tôi giúp người dân nói dữ liệu và công nghệ của Thành phố ảnh hưởng đến đời sống của họ thế nào, và theo dõi cho đến khi có thay đổi.\n\nChúng tôi nói thay những gì đã nghe, không bao giờ nói thay cả một cộng đồng.",
        "decisions": "Chúng tôi cùng quyết định. Nếu sau hai cuộc họp vẫn chưa đồng ý, chúng tôi bỏ phiếu, mỗi ghế một phiếu.\n\nAi nghĩ khác có thể yêu cầu ghi ý kiến đó bên cạnh quyết định.",
        "meetings": "Chúng tôi họp mỗi tháng. Chương trình họp được công khai trước một tuần. Trẻ em được chào đón, và thông dịch viên được trả công.",
        "conduct": "Chúng tôi để nhau nói hết lời. Chúng tôi giữ kín điều người dân đã kể.\n\nMột ghế kết thúc khi người giữ ghế vắng bốn cuộc họp liền mà không báo, kể ra điều đã được nói trong tin cậy, hoặc làm ai đó gặp nguy hiểm. Người đó được cho biết lý do và có thể khiếu nại.",
        "changes": "Bất cứ lãnh đạo cộng đồng nào cũng có thể xin sửa bản quy ước này. Bản mới có hiệu lực khi mọi người đã ký.",
    },
    "ar": {
        "purpose": "نساعد الناس على أن يقولوا ما تفعله بيانات المدينة وتقنياتها في حياتهم، ونتابع ذلك حتى يتغير شيء.\n\nنتحدث عما سمعناه، ولا نتحدث أبدًا باسم مجتمع كامل.",
        "decisions": "نقرر معًا. وإذا لم نتفق في اجتماعين صوّتنا: لكل مقعد صوت واحد.\n\nومن رأى غير ذلك فله أن يُكتب رأيه بجانب القرار.",
        "meetings": "نجتمع كل شهر. يُنشر جدول الأعمال قبل أسبوع. الأطفال مرحب بهم، والمترجمون يتقاضون أجرًا.",
        "conduct": "نترك بعضنا بعضًا يكمل كلامه. ونحفظ ما قاله لنا الناس.\n\nينتهي المقعد إذا غاب صاحبه عن أربعة اجتماعات متتالية دون خبر، أو نشر ما قيل له بثقة، أو عرّض أحدًا للخطر. يُقال له السبب، وله أن يتظلم.",
        "changes": "لأي شريك مجتمع أن يطلب تغيير هذا الميثاق. ويسري الميثاق الجديد متى وقّعه الجميع.",
    },
}

MEETINGS: dict[str, dict[str, dict[str, str]]] = {
    "first": {
        "en": {
            "title": "What we heard about the counters",
            "agenda": "Read the finding aloud.\n\nDecide what we ask the City.",
        },
        "es": {
            "title": "Lo que oímos sobre los contadores",
            "agenda": "Leer el hallazgo en voz alta.\n\nDecidir qué pedimos a la Ciudad.",
        },
        "vi": {
            "title": "Điều chúng tôi nghe về máy đếm",
            "agenda": "Đọc to kết quả.\n\nQuyết định yêu cầu Thành phố điều gì.",
        },
        "ar": {
            "title": "ما سمعناه عن العدّادات",
            "agenda": "قراءة النتيجة بصوت عالٍ.\n\nتقرير ما نطلبه من المدينة.",
        },
    },
    "second": {
        "en": {
            "title": "Where to hold listening sessions",
            "agenda": "Choose two places.\n\nChildcare and interpreters.",
        },
        "es": {
            "title": "Dónde hacer las sesiones de escucha",
            "agenda": "Elegir dos lugares.\n\nCuidado de niños e intérpretes.",
        },
        "vi": {
            "title": "Tổ chức buổi lắng nghe ở đâu",
            "agenda": "Chọn hai nơi.\n\nTrông trẻ và thông dịch.",
        },
        "ar": {"title": "أين نعقد جلسات الاستماع", "agenda": "اختيار مكانين.\n\nرعاية الأطفال والمترجمون."},
    },
    "next": {
        "en": {
            "title": "Plan for the winter",
            "agenda": "What the library said.\n\nWho fills the empty seat.",
        },
        "es": {
            "title": "Plan para el invierno",
            "agenda": "Lo que dijo la biblioteca.\n\nQuién ocupa el puesto vacío.",
        },
        "vi": {"title": "Kế hoạch cho mùa đông", "agenda": "Thư viện đã nói gì.\n\nAi ngồi vào ghế trống."},
        "ar": {"title": "خطة الشتاء", "agenda": "ما قالته المكتبة.\n\nمن يشغل المقعد الشاغر."},
    },
}

MINUTES: dict[str, dict[str, dict[str, str]]] = {
    "first": {
        "en": {
            "minutes": "We read the finding aloud in four languages. We spoke about pictures first, then about signs.",
            "decision-1": "We ask the City to count people without keeping pictures.",
            "decision-2": "We ask for a sign at every counter.",
        },
        "es": {
            "minutes": "Leímos el hallazgo en voz alta en cuatro idiomas. Hablamos primero de las imágenes y luego de los letreros.",
            "decision-1": "Pedimos a la Ciudad que cuente a la gente sin guardar imágenes.",
            "decision-2": "Pedimos un letrero en cada contador.",
        },
        "vi": {
            "minutes": "Chúng tôi đọc to kết quả bằng bốn thứ tiếng. Trước hết chúng tôi nói về hình ảnh, rồi về bảng hiệu.",
            "decision-1": "Chúng tôi yêu cầu Thành phố đếm người mà không giữ hình ảnh.",
            "decision-2": "Chúng tôi yêu cầu có bảng hiệu ở mỗi máy đếm.",
        },
        "ar": {
            "minutes": "قرأنا النتيجة بصوت عالٍ بأربع لغات. تحدثنا أولًا عن الصور ثم عن اللافتات.",
            "decision-1": "نطلب من المدينة أن تعدّ الناس دون حفظ صور.",
            "decision-2": "نطلب لافتة عند كل عدّاد.",
        },
    },
    "second": {
        "en": {
            "minutes": "We looked at six places. Two are near a bus line and have a room for children.",
            "decision-1": "The next sessions are at two libraries.",
            "minority-1": "One lead would rather meet people where they already are: at the laundromat and the market.",
        },
        "es": {
            "minutes": "Miramos seis lugares. Dos están cerca de una línea de autobús y tienen un cuarto para niños.",
            "decision-1": "Las próximas sesiones son en dos bibliotecas.",
            "minority-1": "Una persona líder prefiere ir donde la gente ya está: la lavandería y el mercado.",
        },
        "vi": {
            "minutes": "Chúng tôi xem sáu nơi. Hai nơi gần tuyến xe buýt và có phòng cho trẻ em.",
            "decision-1": "Các buổi tới họp ở hai thư viện.",
            "minority-1": "Một lãnh đạo cộng đồng muốn gặp người dân ở nơi họ vẫn đến: tiệm giặt và chợ.",
        },
        "ar": {
            "minutes": "نظرنا في ستة أماكن. اثنان منها قريبان من خط حافلات وفيهما غرفة للأطفال.",
            "decision-1": "الجلسات القادمة في مكتبتين.",
            "minority-1": "يفضّل أحد شركاء المجتمع لقاء الناس حيث هم: في المغسلة والسوق.",
        },
    },
}

POSITION: dict[str, dict[str, str]] = {
    "en": {"position": "Two libraries are not enough. Who works at night cannot come to either."},
    "es": {"position": "Dos bibliotecas no bastan. Quien trabaja de noche no puede ir a ninguna."},
    "vi": {"position": "Hai thư viện là chưa đủ. Người làm đêm không đến được nơi nào."},
    "ar": {"position": "مكتبتان لا تكفيان. من يعمل ليلًا لا يستطيع المجيء إلى أيٍّ منهما."},
}

PROFILE: dict[str, Any] = {
    "shown_name": "A community lead",
    "about": "I have listened to my neighbors for a long time. Now I am paid for it.\n\nAsk me about buses, rent letters and what a form really asks.",
    "languages": "English, español",
    "links": ["https://example.org/"],
}
