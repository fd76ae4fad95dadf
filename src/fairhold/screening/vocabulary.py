"""Words by which a language is told, and a sentence that lacks its space («good.It came») from the name of a site."""

_ENGLISH = """
    a about above absolutely across actually add adorable after again ago all almost already also although
    always am amazing an and another any anything anyway apart are around arrived as ask asked at attractive
    away awesome awful baby back bad badly be beautiful because been before behind being below best better
    between big bit black blue book both bottom bought box bright broke broken brown but button buy by cable
    called came can cannot cant careful case cases charge charger charging cheap child clean clear clearly close
    closed coat cold color colors colour colours come comes comfortable comfy complaints completely cool correct
    cost could couldnt couple crap cute damage damaged dark daughter day days deal decent definitely delicious
    delivered delivery description design did didnt different difficult disappointed disappointing do does
    doesnt dog done dont down dress dry durable during each easily easy either else enough even ever every
    everyone everything exactly excellent expected expensive extra extremely fabric fair family fantastic far
    fast faulty favorite feel feels feet few fine finally first fit fits five flimsy for four friend friendly
    friends from front full fun garbage gave generally get gets gift given gives go goes going gone good goods
    got gray great green grey had half hand handy happily happy hard has hasnt have havent having he heavy help
    helped helpful her here high highly him his hold home honest honestly horrible hot hour hours house how
    however huge husband i if im immediately impressed in included incredible inside instead into is isnt issue
    issues it item items its ive job junk just keep kid kids kind knew know large last late later least left
    less let light like liked likes little long look looked looking looks loose lot lots loud love loved lovely
    loves low luck made make makes man many material materials matter may maybe me mean medium might mine minute
    minutes missing mom money month months more morning most mother much mum must my myself named near nearly
    need needed needs never new next nice nicely night no nobody noisy none nope normal not nothing now of off
    often ok okay old on once one ones only open opened or order ordered original other our out outside over
    overall own packed package packaged packaging pair paper parcel part parts people perfect perfectly phone
    photo photos picture pictured pictures piece pieces pink plastic please pleased plus pocket poor poorly
    possible pretty price priced prices probably problem problems product products promised properly purchase
    purchased put quality quick quickly quiet quite rather read ready real really reason reasonable received
    recommend recommended red refund refunded regret regrets replacement reply return returned returns right
    room rubbish sad said same satisfied say says scam second see seem seemed seems seen seller sent service set
    several shame she ship shipped shipping shirt shoes short should side simple since size sized sizes slow
    slowly small smell smells smooth so soft sold solid some someone something sometimes son soon sorry sound
    still stitching store strong stuff sturdy such super superb sure take takes terrible than thank thanks that
    thats the their them then there these they thick thin thing things think this those though thought three
    through tight till time times tiny to today together told too took top totally toy toys track tracking tried
    true try trying turned two ugly under until up us use used useful useless using usually value very waiting
    want wanted warm was wash washed washing wasnt waste watch water way we wear wearing wears week weeks weight
    well went were what whatever when where which while white who whole why wide wife will wish with within
    without wonderful wont wood word work worked working works worn worse worst worth would wow wrong year years
    yellow yes yesterday yet you your yours zero
    """
ENGLISH = frozenset(_ENGLISH.split())
"""The words that reviews are made of."""

_RUSSIAN = """
    а абсолютно аккуратно без более больше большой большая большое брал брала брали брать брак будет буду бы был
    была были было быстро быстрая быстрый в вам вас ваш везде весь вещь видно виде вместо внутри во вовремя
    вообще вот все всегда всего всем всех всю всё второй вчера вы выбрал выглядит где говорит год года да давно
    даже два две деньги держит для дня дней до доволен довольна довольны долго доставили доставка доставку
    доставлен доставлено дочка дочке других другой его ее ей если есть еще ещё ждал ждала ждать же за заказ
    заказал заказала заказали заказывал заказываю заказывала замечательно зато здесь знаю и из или им иногда их
    к каждый как какой качества качественно качественный качество когда конечно которые который кроме круто кто
    куда купил купила купили легко ли лучше любит маленький мало маме материал медленно меня мне много может
    можно мой моя мы мягкий на надеюсь надо назад нам нас наш не него нее недели неделю нельзя немного неплохо
    нет ни никаких ничего но новый норм нормально ну нужно о об обещал обещали огромное один одна однако ок
    около он она они оно опять оригинал от ответил отвечает отзыв отзывы открыл отличная отлично отличный
    отличное очень первый по под подарок подойдет подошел подошла подошли подошло пока покупала покупал покупкой
    покупку покупать получил получила получили пользуемся пользуюсь понравилась понравилось понравился
    понравились после посылка посылку потом потому почему пошло почти правда при приехал приехала приехало
    пришел пришла пришли пришло пришлось приятно приятный про продавец продавца продавцу прошло просто против
    прочный раз размер размера разочарован разочарована работает рад рада рады ребенок ребенку рекомендую
    реально рублей руб с сам сама сделано себе себя сегодня сейчас сидит сильно сказал сказать слишком слова
    сломался сломалась сломалось со советую совсем соответствует спасибо спор сразу среднее стал стало стоит сто
    столько суперски супер так такая такие такой там те тебе тем теперь то товар товара товаром тогда тоже
    только тонкий топ тот три тут ты у уже удобно удобный ужас ужасно упаковано упаковка упаковали упакован фото
    хватает хватило хорошая хорошего хорошее хорошие хорошо хороший хочу хотя цвет целое цена цены чего чем
    через что чтобы шикарно это этого этой этот эту эти я
    """
RUSSIAN = frozenset(_RUSSIAN.split())

_OTHERS = {
    "de": """
        und nicht ich ist das der ein eine mit sehr auch auf aber wurde schnell gut wie dem den noch nach bei
        leider mein sind habe kann wieder produkt qualität verkäufer versand zufrieden
    """,
    "fr": """
        et le les est très une des pas pour avec je mais dans bien produit livraison qualité vendeur rapide
        mon qui sur merci bon bonne reçu cette été conforme recommande
    """,
    "es": """
        el los las es muy que una por con para pero llegó producto calidad envío vendedor bien bueno buena mi
        está rápido gracias compra del estoy lo todo como también
    """,
    "it": """
        il è molto che una per con non ma prodotto qualità arrivato venditore bene della del sono consiglio
        ottimo buona questo anche tutto come gli stato nel spedizione
    """,
    "pt": """
        os é muito uma com para não mas produto qualidade chegou vendedor bom boa do da em meu foi bem
        recomendo rápido entrega antes estava gostei obrigado um estou
    """,
    "pl": """
        i jest się nie na bardzo dobry polecam szybka szybko wszystko produkt jakość sprzedawca ale jak tym
        dla zgodne opisem wysyłka przesyłka tego za od ze
    """,
    "tr": """
        bir ve çok güzel ürün kargo ama için tavsiye ederim geldi teşekkür teşekkürler satıcı hızlı kaliteli
        bu da ile iyi gibi herkese geldi elime
    """,
    "nl": """
        het een en van niet goed zeer snel met maar ik wel voor ook mooi kwaliteit levering verkoper geleverd
        dat zijn bij deze heel tevreden naar
    """,
    "cs": """
        je se na velmi ale kvalita zboží rychlé dodání doporučuji spokojenost jsem dobrý vše jako pro prodejce
        není rychle děkuji
    """,
    "ro": """
        și este foarte nu un cu pentru produsul calitate livrare vânzător recomand mulțumesc bun bună am dar
        ajuns rapid mai
    """,
    "sv": """
        och är inte mycket bra med snabb leverans men jag det som på kvalitet säljare nöjd fick för
        rekommenderar
    """,
    "id": """
        dan yang tidak sangat bagus barang cepat kualitas pengiriman penjual terima kasih sudah sesuai dengan
        saya ini untuk banget
    """,
    "vi": """
        và không rất tốt hàng đẹp giao nhanh chất lượng sản phẩm người bán cảm ơn tôi được cho này
    """,
    "uk": """
        та що дуже гарний гарна гарне якість швидко швидка дякую рекомендую товар прийшов прийшла прийшло
        продавець продавця продавцю є це як не за від але все ще коштує замовляла замовляв посилка чудово
        чудова добре добрий мені була було
    """,
    "be": """
        і вельмі што добра дзякуй якасць тавар прадавец хутка гэта як прыйшоў усё рэкамендую не ад але быў мне
    """,
    "bg": """
        и е много да се на за от продукт продукта качество качеството доставка доставката бързо препоръчвам
        съм беше благодаря добре доволен доволна търговец стоката пристигна
    """,
    "sr": """
        је и веома да се производ квалитет брзо достава препоручујем хвала продавац добар сам али није од све
        за
    """,
    "kk": """
        және өте жақсы рахмет тауар сапасы жеткізу тез сатушы бар емес маған бұл үшін ұсынамын келді
    """,
}

OTHERS: dict[str, tuple[str, ...]] = {}
"""The languages, by their codes, in which a word that is neither English nor Russian is common."""
for _code, _words in _OTHERS.items():
    for _word in set(_words.split()) - ENGLISH - RUSSIAN:
        OTHERS[_word] = (*OTHERS.get(_word, ()), _code)
