"""The words by which a language is known, and the names by which it is asked for."""

from __future__ import annotations

#: Words that one language has and the others of this list have not (or hardly), folded.
FUNCTION_WORDS: dict[str, str] = {
    "en": "supervisor manager colleague sends sent send photos touches touch asked asking staring "
    "anonymous deadline policy survey complaint safe witness evidence help keep told someone's "
    "one time go back see take use start let give show like other others another same all every "
    "never a on me n next last later day say says case cases rights legal against rules wrong "
    "good bad support "
    "investigation victim victims receipt number which while through during between under without "
    "thats youre theyre whats whos hes shes dont doesnt cant wont gonna wanna ive pls thx someones "
    "the and is are was were have has had been this that these those with from what when "
    "where which who how why can could would should will shall do does did not my your his her "
    "their our it its he she they we you i am about for to of in at by but if or because there "
    "here any some someone nobody nothing something anything after before into out up down over "
    "again please help need want know think feel told said says report boss work job office "
    "happened happens happening thank thanks yes hello hi hey everyone being get got make made "
    "just only still also than then them him me us an as so too very much many more most harassed "
    "harassment touched touching keeps want scared afraid alone tell talk ask stop going don't "
    "didn't can't doesn't isn't i'm i've he's she's it's won't wasn't couldn't wouldn't",
    "fr": "superieur responsable envoie envoye touche signalement anonyme delai confidentiel "
    "temoin preuve saura sait quel quelle quels quelles jai daide jen cest parlez patron collegues "
    "par combien svp maintenant soutien questionnaire sondage recepisse droits victime victimes "
    "plaintes rapport avant apres entre chaque peuvent faut aucun aucune trop comme avocat jours "
    "vont personnes passer continuer suite effacer supprimer enquete non on va mauvaise "
    "bonne reponse "
    "scene la en un de se si que me te a "
    "le les des du une et est sont etait suis es ete avec pour dans sur sous qui que quoi "
    "comment pourquoi quand ou je tu il elle nous vous ils elles mon ma mes ton ta tes son sa ses "
    "notre votre nos vos leur leurs ce cet cette ces ne pas plus jamais rien mais donc car si "
    "bonjour bonsoir salut merci oui aide besoin veux voudrais peux peut dois doit faire fait dit "
    "chef collegue travail bureau harcelement harcelee harcele signaler plainte savoir aussi tres "
    "bien etre avoir ai as avons avez ont aux au chez parce alors depuis toujours encore personne "
    "quelqu quelque chose tout tous toute toutes sans entre vers moi toi lui eux y d l j c n qu s "
    "m t politique enquete touchee peur seule seul parler demander pouvez puis",
    "es": "manda mandan envia fotos toca tocan denuncio anonima anonimo confidencial plazo testigo "
    "prueba pruebas companera companero sabra sabran vio acosan acosado es "
    "el los las unos unas una y es son era eran fue soy estoy esta estan estaba con para por "
    "en sobre quien que como porque cuando donde yo tu ella nosotros ustedes ellos ellas mi mis su "
    "sus nuestro este esta estos estas ese esa eso esto no mas nunca nada pero entonces si hola "
    "buenos buenas dias tardes noches gracias ayuda ayudeme necesito quiero quisiera puedo puede "
    "debo debe hacer hecho dijo dice jefe jefa colega trabajo oficina acoso acosada acosa "
    "denunciar "
    "denuncia saber tambien muy bien ser estar he ha han hay del al desde siempre todavia alguien "
    "alguno algo todo todos toda todas sin entre hacia me te se lo le les nos un de la cual "
    "politica "
    "encuesta miedo sola solo hablar preguntar informe puedes tengo tiene cuanto cuanta",
}

#: One such word is enough when it opens or is the whole message.
GREETINGS: dict[str, str] = {
    "en": "hello|hi there|good morning|good afternoon|good evening|help me|i need help|yes please|"
    "thank you",
    "fr": "bonjour|bonsoir|salut|au secours|aidez moi|a l aide|j ai besoin d aide|merci beaucoup|"
    "oui|harcelement",
    "es": "hola|buenos dias|buenas tardes|buenas noches|buenas|ayuda|ayudame|ayudenme|necesito "
    "ayuda|"
    "muchas gracias|acoso",
    "ru": "privet|zdravstvuyte|zdravstvujte|zdrastvuyte|pomogite|pomogi|spasibo|pozhaluysta|"
    "dobryy den|dobry den|dobryj den|mne nuzhna pomosh",
    "ar": "marhaba|mar7aba|salam|salam alaykum|salam aleikum|assalamu alaikum|ahlan|sa3iduni|"
    "sa3edni|shukran|musa3ada|sa3edooni|al salam alaykum",
}

#: Russian and Arabic in Latin letters. Two are needed; none is a word of the three above.
ROMANISED: dict[str, str] = {
    "ru": "ya menya mnya mne menia mnoy moy moya moi moego moemu moyu ty tebya tebe vy vas vam my "
    "nas nam ona oni ego eyo yego yeyo ikh chto chtoby kak gde kogda pochemu zachem kto eto etot "
    "eta etogo ne net da est byl byla bylo byli budet mogu mozhet mozhno nado nuzhno nuzhna hochu "
    "khochu xochu ochen tolko uzhe eshche yesho esche seychas sejchas segodnya vchera pomoshch "
    "pomosch pomogite pozhaluysta pozhalujsta spasibo rabota rabote rabotu nachalnik nachalnika "
    "kollega zhaloba zhalobu domogatelstva domogatelstvo privet zdravstvuyte chelovek skazal "
    "skazala delat sdelat znat skazhite rasskazhite esli ili dlya pro ob po na s so v vo iz ot do "
    "posle pered tozhe takzhe potomu on soobshchit pozhalovatsya boyus strashno trogaet",
    "ar": "byilmisni yilmisni bylmesni byikallimni bikallimni byeb3atli yeb3atli 3aleya 3alaya "
    "ana enta inta enti inti howa huwa heya hiya ehna i7na ihna entu hum humma hada hadha "
    "hatha hay da di dah deh illi elli ya wala wa aw bas lakin lazem lazim mish mesh mush mu msh "
    "ma fi fih feeh 3ala 3al 3an ma3 men min ila ela kif keef kayf kaif ezay izay shu shou shoo "
    "eh leh lesh leish limatha emta imta ayna wen wein fen feen meen mudir mudiri modiri mudeeri "
    "zamili zamil shughl shoghl sho8l 3amal maktab ta7arrosh taharrush ta7arush biddi bidi baddi "
    "3ayez 3ayza 3awez 3awza orid urid oreed a3mel a3mil a3mal momken mumkin momkin sa3idni "
    "sa3edni musa3ada shakwa ashtaki abligh ballegh khayfa 5ayfa khayef khayif ams embare7 mbare7 "
    "el al il beta3 betaa3 taba3 3ndi 3andi 3indi kan kanet kont kunt hasal 7asal sar yilmasni "
    "ba2 ba2a kteer ktir awi gedan giddan jiddan 7aga haga shi shay sho",
}

#: Endings and letter groups that speak for a language when its words are unknown.
PATTERNS: dict[str, str] = {
    "en": r"\w+ing|\w+ght|th\w+|wh\w+|\w+ness|\w+ly|\w*ck\w*|\w*sh|\w+ed|\w*ee\w*|\w+ful",
    "fr": r"\w+eux|\w+euse|\w+aux|\w+tre|\w+aient|\w+ement|\w*oi[rts]|\w+eur|\w+ique|\w+ez|"
    r"\w*eau\w*"
    r"|\w+ee|\w+eme|\w+ait|\w+ais|\w+oir",
    "es": r"\w+cion|\w+ciones|\w+dad|\w+mente|\w+ando|\w+iendo|\w*rr\w*|\w+ado|\w+ada|\w+ido|\w+ida"
    r"|\w+aron|\w+ieron|\w+aba|\w+abas?|\w*que|\w+ero|\w+era|\w+ito|\w+ita|\w+os",
}

#: What each language is called, in itself and in the others, folded.
NAMES: dict[str, str] = {
    "en": "english|anglais|ingles|английский|английском|английски|по английски|англ|angliyski|"
    "الإنجليزية|انجليزي|إنجليزي|الانكليزية|انكليزي|بالإنجليزية|بالانجليزي|英语|英文|inglizi|engl|"
    "eng",
    "fr": "french|francais|frances|французский|французском|французски|по французски|الفرنسية|"
    "فرنسي|بالفرنسية|بالفرنسي|法语|法文|fransawi|faransi",
    "es": "spanish|espagnol|espanol|castellano|испанский|испанском|испански|по испански|الإسبانية|"
    "إسباني|اسباني|بالإسبانية|西班牙语|西班牙文|西语",
    "ru": "russian|russe|ruso|русский|русском|русски|по русски|на русском|russki|russkiy|russkij|"
    "ruskiy|po russki|الروسية|روسي|بالروسية|俄语|俄文",
    "ar": "arabic|arabe|арабский|арабском|арабски|по арабски|العربية|عربي|عربى|عربية|بالعربية|"
    "بالعربي|阿拉伯语|阿语|阿拉伯文|3arabi|3araby|arabi|bil3arabi|bel3araby|bel 3araby",
    "zh": "chinese|chinois|chino|mandarin|mandarino|китайский|китайском|китайски|по китайски|"
    "الصينية|صيني|بالصينية|中文|汉语|漢語|普通话|普通話|国语|國語|华语|zhongwen",
}

#: Words that may stand around the name of a language in a wish.
AROUND_NAMES = (
    "in into en a al to please pls speak talk write switch change continue answer reply say go use "
    "language i want would like prefer need can could you we do let us me now only can't the it "
    "instead chat my is version have translate this with "
    "parlez parler parlons parle francais vous pouvez on peut je veux voudrais prefere souhaite s "
    "il "
    "plait svp te merci la le l langue changer passer continuer continuons pouvons nous maintenant "
    "plutot ecrire ecrivez repondre repondez possible est ce que d de conversation "
    "hablar hable hablemos habla habla puede puedes podemos quiero quisiera prefiero por favor "
    "idioma lengua cambiar cambia cambie seguir sigamos responda responder ahora mejor el lo "
    "на по язык языке пожалуйста говорите говорить давайте можно хочу перейти перейдем переключить "
    "переключи переключитесь сменить ответьте отвечайте пиши пишите мне я лучше можете со мной "
    "pozhaluysta davayte mozhno na yazyk "
    "من فضلك لو سمحت رجاء تكلم تحدث أريد اريد باللغة اللغة ب الى إلى بدي ممكن نتكلم نتحدث غير "
    "تغيير "
    "حول احكي اكتب أفضل الكتابة الحديث التحدث أن نكمل خلينا عايز عايزة min fadlak mumkin ihki e7ki "
    "请 用 说 讲 我 想 要 可 以 吗 换 成 改 为 切 换 到 语 言 能 你 您 和 跟 我 们 吧 回 答 谢 "
    "谢 现 在 使 写 聊 交 流 麻 烦 希 望"
)
