"""What the demonstration says, in the four languages. Invented; translated by a machine and not yet reviewed."""

from typing import Any

type ByLang = dict[str, dict[str, str]]

READING = {
    "en": "Any one lead who holds the key can read what you write.",
    "es": "Cualquier líder que tenga la llave puede leer lo que usted escribe.",
    "vi": "Bất kỳ người đại diện nào giữ khóa đều có thể đọc những gì quý vị viết.",
    "ar": "أي شريك من شركاء المجتمع يملك المفتاح يستطيع قراءة ما تكتبه.",
}
CONSENT = {
    "en": "You can skip any question. Please do not write names or addresses.",
    "es": "Puede saltarse cualquier pregunta. Por favor, no escriba nombres ni direcciones.",
    "vi": "Quý vị có thể bỏ qua câu hỏi nào cũng được. Xin đừng ghi tên hoặc địa chỉ.",
    "ar": "يمكنك تخطي أي سؤال. من فضلك لا تكتب أسماء أو عناوين.",
}


def with_common(words: ByLang) -> ByLang:
    """Add what every engagement says about reading and consent."""
    return {
        lang: {**texts, "reading": READING[lang], "consent": CONSENT[lang]} for lang, texts in words.items()
    }


LIBRARY = with_common(
    {
        "en": {
            "title": "What should library computers remember about you?",
            "decision": "How long the City keeps records of public computers and Wi-Fi, and who may see them.",
            "can_change": "How long records are kept. What is recorded at all. Who may look. What the screens tell you.",
            "cannot_change": "A library card is still needed to borrow a laptop.",
        },
        "es": {
            "title": "¿Qué deben recordar de usted las computadoras de la biblioteca?",
            "decision": "Cuánto tiempo guarda la Ciudad los registros de las computadoras y el wifi públicos, y quién puede verlos.",
            "can_change": "Cuánto tiempo se guardan. Qué se registra. Quién puede mirar. Qué le dicen las pantallas.",
            "cannot_change": "Se sigue necesitando una tarjeta de la biblioteca para pedir una computadora portátil.",
        },
        "vi": {
            "title": "Máy tính thư viện nên nhớ gì về quý vị?",
            "decision": "Thành phố giữ hồ sơ của máy tính và Wi-Fi công cộng bao lâu, và ai được xem.",
            "can_change": "Giữ hồ sơ bao lâu. Ghi lại những gì. Ai được xem. Màn hình cho quý vị biết điều gì.",
            "cannot_change": "Vẫn cần thẻ thư viện để mượn máy tính xách tay.",
        },
        "ar": {
            "title": "ماذا يجب أن تتذكر عنك حواسيب المكتبة؟",
            "decision": "كم من الوقت تحتفظ المدينة بسجلات الحواسيب والإنترنت العامة، ومن يحق له الاطلاع عليها.",
            "can_change": "مدة حفظ السجلات. ما الذي يُسجَّل أصلاً. من يحق له الاطلاع. ما تخبرك به الشاشات.",
            "cannot_change": "ما زالت بطاقة المكتبة لازمة لاستعارة حاسوب محمول.",
        },
    }
)

SENSORS = with_common(
    {
        "en": {
            "title": "Street sensors: what may they see, and who may look?",
            "decision": "The unit will choose the settings of 46 new street counters.",
            "can_change": "What the counters record. How long it is kept. Who may see it.",
            "cannot_change": "How many counters there are: those are bought.",
        },
        "es": {
            "title": "Sensores en la calle: ¿qué pueden ver y quién puede mirar?",
            "decision": "La unidad elegirá los ajustes de 46 contadores nuevos en las calles.",
            "can_change": "Qué registran los contadores. Cuánto tiempo se guarda. Quién puede verlo.",
            "cannot_change": "Cuántos contadores hay: ya están comprados.",
        },
        "vi": {
            "title": "Cảm biến trên đường: chúng được thấy gì và ai được xem?",
            "decision": "Đơn vị sẽ chọn cài đặt cho 46 máy đếm mới trên đường phố.",
            "can_change": "Máy đếm ghi lại gì. Giữ bao lâu. Ai được xem.",
            "cannot_change": "Số lượng máy đếm: đã mua rồi.",
        },
        "ar": {
            "title": "مستشعرات الشوارع: ماذا يحق لها أن ترى، ومن يحق له أن ينظر؟",
            "decision": "ستختار الوحدة إعدادات 46 عدّادًا جديدًا في الشوارع.",
            "can_change": "ما تسجله العدّادات. مدة حفظه. من يحق له الاطلاع عليه.",
            "cannot_change": "عدد العدّادات: فقد تم شراؤها.",
        },
    }
)

PERMITS = with_common(
    {
        "en": {
            "title": "Permits by mail: what goes wrong?",
            "decision": "The Permits Desk is changing its letters and forms.",
            "can_change": "The words, the languages and the deadlines.",
            "cannot_change": "The fees.",
        },
        "es": {
            "title": "Permisos por correo: ¿qué sale mal?",
            "decision": "La Oficina de Permisos va a cambiar sus cartas y formularios.",
            "can_change": "Las palabras, los idiomas y los plazos.",
            "cannot_change": "Las tarifas.",
        },
    }
)

LETTERS = with_common(
    {
        "en": {
            "title": "Letters from landlords: what do you get, and can you read them?",
            "decision": "Leads want to know what letters renters get, before they ask the City for anything.",
            "can_change": "What the leads will ask for.",
            "cannot_change": "The City has promised nothing here.",
        },
        "es": {
            "title": "Cartas de los propietarios: ¿qué recibe y puede leerlas?",
            "decision": "Los líderes quieren saber qué cartas reciben los inquilinos, antes de pedir algo a la Ciudad.",
            "can_change": "Lo que pedirán los líderes.",
            "cannot_change": "La Ciudad no ha prometido nada aquí.",
        },
        "vi": {
            "title": "Thư của chủ nhà: quý vị nhận được gì, và có đọc được không?",
            "decision": "Người đại diện muốn biết người thuê nhà nhận những thư nào, trước khi đề nghị Thành phố bất cứ điều gì.",
            "can_change": "Điều mà người đại diện sẽ đề nghị.",
            "cannot_change": "Thành phố không hứa gì ở đây.",
        },
        "ar": {
            "title": "رسائل مالكي المساكن: ماذا يصلك منها، وهل تستطيع قراءتها؟",
            "decision": "يريد شركاء المجتمع أن يعرفوا الرسائل التي تصل إلى المستأجرين، قبل أن يطلبوا أي شيء من المدينة.",
            "can_change": "ما سيطلبه شركاء المجتمع.",
            "cannot_change": "لم تَعِد المدينة بشيء هنا.",
        },
    }
)


def _choice(name: str, en: str, es: str, vi: str, ar: str) -> dict[str, Any]:
    return {"id": name, "words": {"en": en, "es": es, "vi": vi, "ar": ar}}


LIBRARY_QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "use",
        "kind": "one",
        "words": {
            "en": "Do you use computers or Wi-Fi in a library or hall?",
            "es": "¿Usa computadoras o wifi en una biblioteca o un centro?",
            "vi": "Quý vị có dùng máy tính hoặc Wi-Fi ở thư viện hay hội trường không?",
            "ar": "هل تستخدم الحواسيب أو الإنترنت في مكتبة أو قاعة؟",
        },
        "options": [
            _choice(
                "weekly",
                "Yes, most weeks",
                "Sí, casi todas las semanas",
                "Có, hầu như mỗi tuần",
                "نعم، في معظم الأسابيع",
            ),
            _choice("sometimes", "Yes, sometimes", "Sí, a veces", "Có, thỉnh thoảng", "نعم، أحيانًا"),
            _choice("no", "No", "No", "Không", "لا"),
        ],
    },
    {
        "id": "feel",
        "kind": "scale",
        "words": {
            "en": "A library keeps a list of the sites people open. How do you feel about that?",
            "es": "Una biblioteca guarda una lista de los sitios que la gente abre. ¿Cómo se siente con eso?",
            "vi": "Thư viện giữ danh sách các trang mà mọi người mở. Quý vị thấy thế nào?",
            "ar": "تحتفظ مكتبة بقائمة المواقع التي يفتحها الناس. ما شعورك حيال ذلك؟",
        },
        "ends": [
            {"en": "Very uneasy", "es": "Muy mal", "vi": "Rất không yên tâm", "ar": "قلق جدًا"},
            {"en": "Quite fine with it", "es": "Bastante bien", "vi": "Khá yên tâm", "ar": "مرتاح تمامًا"},
        ],
    },
    {
        "id": "tell",
        "kind": "several",
        "words": {
            "en": "What should a screen tell you before you start?",
            "es": "¿Qué debe decirle la pantalla antes de empezar?",
            "vi": "Màn hình nên cho quý vị biết điều gì trước khi bắt đầu?",
            "ar": "ماذا يجب أن تخبرك الشاشة قبل أن تبدأ؟",
        },
        "options": [
            _choice("what", "What is recorded", "Qué se registra", "Ghi lại những gì", "ما الذي يُسجَّل"),
            _choice("long", "For how long", "Por cuánto tiempo", "Giữ trong bao lâu", "لأي مدة"),
            _choice("who", "Who can look", "Quién puede mirar", "Ai được xem", "من يحق له الاطلاع"),
        ],
    },
    {
        "id": "open",
        "kind": "text",
        "words": {
            "en": "What should the City do, or stop doing?",
            "es": "¿Qué debe hacer la Ciudad, o dejar de hacer?",
            "vi": "Thành phố nên làm gì, hoặc thôi làm gì?",
            "ar": "ماذا يجب أن تفعل المدينة، أو أن تكف عن فعله؟",
        },
        "hint": {
            "en": "Any language. As short or as long as you like.",
            "es": "En cualquier idioma. Tan corto o largo como quiera.",
            "vi": "Ngôn ngữ nào cũng được. Ngắn hay dài tùy quý vị.",
            "ar": "بأي لغة. قصيرًا أو طويلًا كما تشاء.",
        },
    },
]

SENSOR_QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "walk",
        "kind": "one",
        "words": {
            "en": "Have you taken another street because of a camera?",
            "es": "¿Ha tomado otra calle por causa de una cámara?",
            "vi": "Quý vị có từng đi đường khác vì có máy quay không?",
            "ar": "هل سلكت شارعًا آخر بسبب كاميرا؟",
        },
        "options": [_choice("yes", "Yes", "Sí", "Có", "نعم"), _choice("no", "No", "No", "Không", "لا")],
    },
    {
        "id": "open",
        "kind": "text",
        "words": {
            "en": "What may a counter see, and who may look?",
            "es": "¿Qué puede ver un contador y quién puede mirar?",
            "vi": "Máy đếm được thấy gì, và ai được xem?",
            "ar": "ماذا يحق للعدّاد أن يرى، ومن يحق له أن ينظر؟",
        },
    },
]

SHORT_QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "open",
        "kind": "text",
        "words": {
            "en": "What happened, and what would have helped?",
            "es": "¿Qué pasó y qué le habría ayudado?",
            "vi": "Chuyện gì đã xảy ra, và điều gì lẽ ra đã giúp được quý vị?",
            "ar": "ماذا حدث، وما الذي كان سيساعدك؟",
        },
    },
]

MAJORITY = {
    "en": {
        "statement": "People accept counters that count. They do not accept counters that know who is being counted. Many said"
        " they take another street to church or to the clinic when they see a camera."
    },
    "es": {
        "statement": "La gente acepta contadores que cuentan. No acepta contadores que saben a quién cuentan. Muchas personas"
        " dijeron que toman otra calle para ir a la iglesia o a la clínica cuando ven una cámara."
    },
    "vi": {
        "statement": "Mọi người chấp nhận máy đếm chỉ để đếm. Họ không chấp nhận máy đếm biết ai đang được đếm. Nhiều người nói"
        " họ đi đường khác đến nhà thờ hoặc phòng khám khi thấy máy quay."
    },
    "ar": {
        "statement": "يقبل الناس عدّادات تعدّ. ولا يقبلون عدّادات تعرف من تعدّه. قال كثيرون إنهم يسلكون شارعًا آخر إلى دار"
        " العبادة أو العيادة عندما يرون كاميرا."
    },
}
SMALLER = {
    "en": {
        "statement": "Some shopkeepers and night workers want pictures kept for longer. They were robbed, and no one could show"
        " what happened."
    },
    "es": {
        "statement": "Algunos comerciantes y trabajadores nocturnos quieren que las imágenes se guarden más tiempo. Les robaron"
        " y nadie pudo mostrar qué pasó."
    },
    "vi": {
        "statement": "Một số chủ tiệm và người làm ca đêm muốn giữ hình ảnh lâu hơn. Họ bị cướp và không ai chứng minh được"
        " chuyện gì đã xảy ra."
    },
    "ar": {
        "statement": "يريد بعض أصحاب المتاجر والعاملين ليلًا حفظ الصور مدة أطول. تعرضوا للسرقة ولم يستطع أحد أن يثبت ما حدث."
    },
}

ASKS: list[ByLang] = [
    {
        "en": {
            "title": "Count people without keeping pictures",
            "ask": "Set every counter so that pictures are deleted on the counter itself, within one minute. Let people"
            " check that this is so.",
        },
        "es": {
            "title": "Contar a las personas sin guardar imágenes",
            "ask": "Ajusten cada contador para que las imágenes se borren en el propio contador en un minuto. Dejen que la"
            " gente lo compruebe.",
        },
        "vi": {
            "title": "Đếm người mà không giữ hình ảnh",
            "ask": "Cài mọi máy đếm để hình ảnh được xóa ngay trên máy trong vòng một phút. Cho mọi người kiểm tra điều đó.",
        },
        "ar": {
            "title": "عدّوا الناس دون حفظ الصور",
            "ask": "اضبطوا كل عدّاد بحيث تُحذف الصور داخله خلال دقيقة واحدة، واسمحوا للناس بالتحقق من ذلك.",
        },
    },
    {
        "en": {
            "title": "Do not share outside the City without a vote",
            "ask": "Before anything from the counters goes to anyone outside the City, the Council must vote on it in public.",
        },
        "es": {
            "title": "No compartir fuera de la Ciudad sin una votación",
            "ask": "Antes de que algo de los contadores salga de la Ciudad, el Concejo debe votarlo en público.",
        },
        "vi": {
            "title": "Không chia sẻ ra ngoài Thành phố nếu chưa bỏ phiếu",
            "ask": "Trước khi bất cứ gì từ máy đếm được gửi ra ngoài Thành phố, Hội đồng phải bỏ phiếu công khai.",
        },
        "ar": {
            "title": "لا مشاركة خارج المدينة دون تصويت",
            "ask": "قبل أن يخرج أي شيء من العدّادات إلى أي جهة خارج المدينة، يجب أن يصوّت المجلس عليه علنًا.",
        },
    },
    {
        "en": {
            "title": "Put a sign at every sensor",
            "ask": "At every sensor, put a sign in the languages of that street. It should say what the sensor records, for"
            " how long, and whom to call.",
        },
        "es": {
            "title": "Poner un letrero en cada sensor",
            "ask": "En cada sensor, pongan un letrero en los idiomas de esa calle. Debe decir qué registra el sensor, por"
            " cuánto tiempo y a quién llamar.",
        },
        "vi": {
            "title": "Đặt bảng tại mỗi cảm biến",
            "ask": "Tại mỗi cảm biến, đặt bảng bằng các ngôn ngữ của con đường đó: cảm biến ghi lại gì, trong bao lâu, và gọi ai.",
        },
        "ar": {
            "title": "ضعوا لافتة عند كل مستشعر",
            "ask": "ضعوا عند كل مستشعر لافتة بلغات ذلك الشارع، تقول ماذا يسجل المستشعر، ولأي مدة، وبمن يمكن الاتصال.",
        },
    },
    {
        "en": {
            "title": "Which other units get the counts?",
            "ask": "Tell us which units of the City receive the counts, and what they use them for.",
        },
        "es": {
            "title": "¿Qué otras unidades reciben los conteos?",
            "ask": "Dígannos qué unidades de la Ciudad reciben los conteos y para qué los usan.",
        },
        "vi": {
            "title": "Những đơn vị nào khác nhận số đếm?",
            "ask": "Cho chúng tôi biết đơn vị nào của Thành phố nhận số đếm và dùng để làm gì.",
        },
        "ar": {
            "title": "أي وحدات أخرى تحصل على الأعداد؟",
            "ask": "أخبرونا أي وحدات في المدينة تتلقى الأعداد، وفيمَ تستخدمها.",
        },
    },
]

REPORT = {
    "en": "You told us what street counters may see. We asked the City for four things. One was accepted: pictures are now"
    " deleted on the counter, and two of us checked it. One was declined. One has no answer yet. One will be answered later."
    " The record shows each of them.",
    "es": "Ustedes nos dijeron qué pueden ver los contadores. Pedimos cuatro cosas a la Ciudad. Una fue aceptada: las imágenes"
    " ahora se borran en el contador, y dos de nosotros lo comprobamos. Una fue rechazada. Una no tiene respuesta todavía. Una"
    " se responderá más tarde. El registro muestra cada una.",
    "vi": "Quý vị đã cho chúng tôi biết máy đếm được thấy gì. Chúng tôi đã đề nghị Thành phố bốn điều. Một điều được chấp nhận:"
    " hình ảnh nay được xóa ngay trên máy, và hai người trong chúng tôi đã kiểm tra. Một điều bị từ chối. Một điều chưa có trả"
    " lời. Một điều sẽ được trả lời sau. Sổ ghi cho thấy từng điều.",
    "ar": "أخبرتمونا ماذا يحق لعدّادات الشوارع أن ترى. طلبنا من المدينة أربعة أشياء. قُبل واحد: تُحذف الصور الآن داخل العدّاد،"
    " وتحقق اثنان منا من ذلك. ورُفض واحد. ولم يأتِ جواب عن واحد بعد. وسيُجاب عن واحد لاحقًا. يُظهر السجل كل واحد منها.",
}
