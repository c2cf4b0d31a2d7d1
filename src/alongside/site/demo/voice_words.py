"""What made-up people say in the demonstration: by engagement, in the language that their voice names."""

SENSORS: dict[str, list[str]] = {
    "en": [
        "I don't mind being counted. I mind being watched.",
        "My shop was broken into twice. Keep the pictures a week.",
        "I walk another way to the clinic since the camera came.",
        "Who gets the numbers? Nobody on my street knows.",
        "Counting is fine for safer crossings.",
    ],
    "es": [
        "No me molesta que cuenten. Me molesta que sepan quién soy.",
        "Quiero saber cuántos días guardan los datos.",
        "Contar está bien si hace más seguros los cruces.",
    ],
    "vi": [
        "Tôi đi đường khác khi thấy máy quay.",
        "Ai được xem những hình này?",
        "Đếm người thì được, nhưng đừng giữ hình lâu.",
    ],
    "ar": [
        "أريد لافتة تشرح ما تسجله الكاميرا.",
        "من يستطيع أن يرى هذه الصور؟",
        "لا مانع من العد، لكن لا تحتفظوا بالصور طويلًا.",
    ],
}

LIBRARY: dict[str, list[str]] = {
    "en": [
        "Wipe the list of sites when I sign out.",
        "I look for work there every day. Nobody needs to know where I apply.",
        "Put a note on the screen, in big letters, before I type anything.",
        "Stop asking for my card number to use the Wi-Fi.",
        "My kids use these computers. Tell me who can look.",
    ],
    "es": [
        "Borren la lista de sitios cuando cierro la sesión.",
        "Busco trabajo ahí. Nadie tiene por qué saber dónde.",
        "Díganlo en la pantalla, en mi idioma, antes de empezar.",
    ],
    "vi": [
        "Xin xóa danh sách trang khi tôi rời máy.",
        "Tôi tra cứu chuyện sức khỏe ở thư viện. Đừng giữ lại.",
        "Hãy ghi rõ trên màn hình ai được xem.",
    ],
    "ar": [
        "امسحوا قائمة المواقع عندما أنهي الجلسة.",
        "أبحث عن عمل هناك، ولا أريد أن يعرف أحد أين.",
        "اكتبوا على الشاشة بلغتي ما الذي يُسجَّل.",
    ],
}

LETTERS: dict[str, list[str]] = {
    "en": [
        "The letter said I had ten days. I understood it on day nine.",
        "A phone number where someone explains it would have helped.",
        "It came in English only. My neighbor's son read it to me.",
        "Three pages about the rent, and I still do not know what I owe.",
    ],
    "es": [
        "La carta llegó solo en inglés. Mi hija me la leyó.",
        "Decía que tenía diez días. No entendí para qué.",
        "Me habría ayudado un número para preguntar.",
    ],
    "vi": [
        "Thư chỉ có tiếng Anh. Tôi phải nhờ hàng xóm đọc.",
        "Thư nói về tiền thuê, nhưng tôi không biết phải làm gì.",
        "Giá mà có một số điện thoại để hỏi.",
    ],
    "ar": [
        "وصلت الرسالة بالإنجليزية فقط. قرأها لي جاري.",
        "لم أفهم كم يومًا بقي لي.",
        "كان سيساعدني رقم هاتف أسأل عليه.",
    ],
}

#: By the slug of the engagement.
VOICES: dict[str, dict[str, list[str]]] = {
    "street-sensors": SENSORS,
    "library-computers": LIBRARY,
    "landlord-letters": LETTERS,
}
