"""Which pictographs are shown: names as Unicode CLDR writes them, by kind.

What is not drawn in every style of its kind is dropped by the build, which says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TONES: Mapping[int, str] = {0: "none", 1: "light", 2: "medium-light", 3: "medium", 4: "medium-dark", 5: "dark"}
"""Skin tones by their number in emojibase; ``none`` is the yellow that stands for nobody's skin."""


@dataclass(frozen=True, slots=True)
class Role:
    """Pictures of people that differ in gender and skin tone only."""

    names: Mapping[str, str]
    """Gender (``person``, ``woman``, ``man``; empty when there is one picture only) -> CLDR name without tone."""
    role: str
    hair: str = ""
    age: str = ""


# Not here, because a style draws two of them alike: astronauts of all genders in Noto, blond women of medium-light skin
# without saying blond in Twemoji.
_DOING = (
    # Work
    "health worker",
    "student",
    "teacher",
    "judge",
    "farmer",
    "cook",
    "mechanic",
    "factory worker",
    "office worker",
    "scientist",
    "technologist",
    "singer",
    "artist",
    "pilot",
    "firefighter",
    "police officer",
    "detective",
    "guard",
    "construction worker",
    # Stories
    "superhero",
    "supervillain",
    "mage",
    # Dress and body
    "person wearing turban",
    "person in tuxedo",
    "person with veil",
    "person feeding baby",
    "person with white cane",
    "person in motorized wheelchair",
    "person in manual wheelchair",
    # Gestures
    "person frowning",
    "person pouting",
    "person gesturing NO",
    "person gesturing OK",
    "person tipping hand",
    "person raising hand",
    "person bowing",
    "person facepalming",
    "person shrugging",
    # Doings
    "person getting massage",
    "person getting haircut",
    "person walking",
    "person standing",
    "person kneeling",
    "person running",
    "person in steamy room",
    "person climbing",
    "person golfing",
    "person surfing",
    "person rowing boat",
    "person swimming",
    "person bouncing ball",
    "person lifting weights",
    "person biking",
    "person mountain biking",
    "person cartwheeling",
    "person playing water polo",
    "person playing handball",
    "person juggling",
    "person in lotus position",
)
_HAIR = {"red hair": "red", "curly hair": "curly", "white hair": "white", "bald": "bald"}


def roles() -> Iterator[Role]:
    """Every role, in the order of the list."""
    for name in _DOING:
        if name.startswith("person "):
            what = name.removeprefix("person ")
            yield Role({gender: f"{gender} {what}" for gender in ("person", "woman", "man")}, what)
        else:
            yield Role({"person": name, "woman": f"woman {name}", "man": f"man {name}"}, name)
    yield Role({"person": "deaf person", "woman": "deaf woman", "man": "deaf man"}, "deaf")
    yield Role({"person": "pregnant person", "woman": "pregnant woman", "man": "pregnant man"}, "pregnant")
    yield Role({"person": "person with crown", "woman": "princess", "man": "prince"}, "royalty")
    yield Role({"woman": "woman dancing", "man": "man dancing"}, "dancing")
    yield Role({"": "ninja"}, "ninja")
    yield Role({"": "person with skullcap"}, "with skullcap")
    yield Role({"": "woman with headscarf"}, "with headscarf")
    yield Role({"person": "child", "woman": "girl", "man": "boy"}, "child", age="child")
    yield Role({"person": "person", "woman": "woman", "man": "man"}, "adult", age="adult")
    yield Role({"person": "older person", "woman": "old woman", "man": "old man"}, "older adult", age="older")
    for name, hair in _HAIR.items():
        yield Role({gender: f"{gender}: {name}" for gender in ("person", "woman", "man")}, name, hair, "adult")
    yield Role({gender: f"{gender}: beard" for gender in ("person", "woman", "man")}, "beard", "beard", "adult")


FLAGS_LEFT_OUT: Mapping[str, str] = {
    "BV": "NO",  # Bouvet Island
    "SJ": "NO",  # Svalbard & Jan Mayen
    "HM": "AU",  # Heard & McDonald Islands
    "MF": "FR",  # St. Martin
    "CP": "FR",  # Clipperton Island
    "UM": "US",  # U.S. Outlying Islands
    **dict.fromkeys(("GF", "GP", "YT", "RE", "BL", "PM", "WF"), "FR"),  # overseas parts of France
    "BQ": "NL",  # Caribbean Netherlands
    "SH": "GB",  # St. Helena
}
"""Territories whose flag some style draws as another's: kept, one picture would stand for two countries."""

THINGS: Mapping[str, tuple[str, ...]] = {
    "religion": (
        *("church", "mosque", "synagogue", "hindu temple", "shinto shrine", "kaaba", "place of worship"),
        *("latin cross", "orthodox cross", "star and crescent", "star of David", "menorah", "om", "wheel of dharma"),
        *("khanda", "yin yang", "dotted six-pointed star", "prayer beads", "atom symbol", "peace symbol"),
        *("nazar amulet", "hamsa", "diya lamp"),
    ),
    "face": (
        # Pleased
        *("grinning face", "grinning face with big eyes", "grinning face with smiling eyes", "star-struck"),
        *("beaming face with smiling eyes", "grinning squinting face", "rolling on the floor laughing"),
        *("face with tears of joy", "slightly smiling face", "winking face", "smiling face with smiling eyes"),
        *("smiling face with halo", "smiling face with hearts", "smiling face with heart-eyes", "smiling face"),
        *("face blowing a kiss", "kissing face", "kissing face with closed eyes", "face savoring food"),
        *("smiling face with open hands", "partying face", "smiling face with sunglasses", "relieved face"),
        *("face with tongue", "winking face with tongue", "cowboy hat face", "nerd face"),
        # Neither
        *("neutral face", "expressionless face", "face without mouth", "thinking face", "sleeping face"),
        *("zipper-mouth face", "face with raised eyebrow", "face with rolling eyes", "upside-down face"),
        *("shushing face", "saluting face", "sleepy face", "yawning face", "face with monocle"),
        # Surprised
        *("face with open mouth", "hushed face", "astonished face", "flushed face", "exploding head"),
        # Sad
        *("pensive face", "confused face", "worried face", "slightly frowning face", "frowning face"),
        *("crying face", "loudly crying face", "sad but relieved face", "disappointed face"),
        *("face holding back tears", "pleading face", "downcast face with sweat", "weary face", "tired face"),
        # Afraid
        *("anguished face", "fearful face", "anxious face with sweat", "face screaming in fear"),
        *("confounded face", "persevering face", "frowning face with open mouth", "grimacing face"),
        # Angry
        *("angry face", "enraged face", "face with symbols on mouth", "face with steam from nose"),
        *("angry face with horns", "smiling face with horns", "unamused face", "smirking face", "lying face"),
        # Ill
        *("face with medical mask", "face with thermometer", "face with head-bandage", "nauseated face"),
        *("face vomiting", "sneezing face", "hot face", "cold face", "woozy face", "face with crossed-out eyes"),
        # Not human
        *("clown face", "ogre", "goblin", "ghost", "alien", "alien monster", "robot", "pile of poo"),
    ),
    "place": (
        *("house", "house with garden", "houses", "derelict house", "hut", "tent", "camping", "castle"),
        *("Japanese castle", "stadium", "classical building", "building construction", "office building"),
        *("post office", "hospital", "bank", "hotel", "convenience store", "school", "department store"),
        *("factory", "wedding", "Tokyo tower", "Statue of Liberty", "fountain", "cityscape"),
        *("cityscape at dusk", "night with stars", "bridge at night", "foggy", "sunrise", "sunrise over mountains"),
        *("sunset", "snow-capped mountain", "mountain", "volcano", "mount fuji", "beach with umbrella", "desert"),
        *("desert island", "national park", "hot springs", "ferris wheel", "roller coaster", "carousel horse"),
        *("circus tent", "station", "railway track", "motorway", "globe showing Europe-Africa"),
        *("globe showing Americas", "globe showing Asia-Australia", "world map", "map of Japan"),
        *("passport control", "customs", "moai"),
    ),
    "object": (
        # Weapons, violence and danger
        *("bomb", "water pistol", "dagger", "kitchen knife", "crossed swords", "axe", "bow and arrow", "firecracker"),
        *("collision", "fire", "radioactive", "biohazard", "warning", "skull", "skull and crossbones", "pirate flag"),
        *("boxing glove", "military helmet", "shield", "military medal", "drop of blood"),
        # Death and illness
        *("coffin", "headstone", "funeral urn", "syringe", "pill", "adhesive bandage", "crutch", "stethoscope"),
        *("thermometer", "x-ray", "microbe", "test tube", "bone", "ambulance"),
        # Crime and the police
        *("police car", "police car light", "chains", "locked", "key", "prohibited", "oncoming police car"),
        # Drugs and drink
        *("cigarette", "beer mug", "wine glass", "cocktail glass", "tumbler glass", "bottle with popping cork"),
        # Money
        *("money bag", "money with wings", "dollar banknote", "coin", "credit card", "gem stone", "ring", "crown"),
        # Dirt
        *("wastebasket", "litter in bin sign", "toilet", "plunger", "rat", "cockroach", "mouse trap", "bucket"),
        *("broom", "soap", "sponge", "toothbrush", "shower", "bathtub", "roll of paper"),
        # Flowers and plants
        *("bouquet", "cherry blossom", "white flower", "lotus", "rose", "hibiscus", "sunflower", "blossom", "tulip"),
        *("hyacinth", "wilted flower", "four leaf clover", "seedling", "potted plant", "evergreen tree"),
        *("deciduous tree", "palm tree", "cactus"),
        # Insects and other small animals
        *("bug", "ant", "honeybee", "beetle", "lady beetle", "cricket", "mosquito", "fly", "worm", "butterfly"),
        *("spider", "scorpion", "snail"),
        # Animals
        *("monkey", "gorilla", "orangutan", "dog", "cat", "wolf", "lion", "tiger", "horse", "cow", "pig", "boar"),
        *("goat", "ewe", "camel", "elephant", "mouse", "rabbit", "bear", "panda", "bat", "snake", "crocodile"),
        *("turtle", "frog", "bird", "dove", "eagle", "owl", "chicken", "duck", "fish", "shark", "dolphin"),
        *("donkey", "kangaroo", "koala", "giraffe"),
        # Music
        *("saxophone", "trumpet", "accordion", "guitar", "musical keyboard", "violin", "banjo", "drum", "long drum"),
        *("maracas", "flute", "bell", "microphone", "headphone", "radio", "musical score"),
        # Fruit and food
        *("grapes", "melon", "watermelon", "tangerine", "lemon", "banana", "pineapple", "mango", "red apple"),
        *("green apple", "pear", "peach", "cherries", "strawberry", "blueberries", "kiwi fruit", "coconut"),
        *("tomato", "carrot", "broccoli", "potato", "onion", "bread", "cheese wedge", "hamburger", "pizza", "taco"),
        *("burrito", "sushi", "cooked rice", "curry rice", "falafel", "stuffed flatbread", "croissant", "doughnut"),
        *("birthday cake", "ice cream", "honey pot", "hot beverage", "teapot"),
        # Tools
        *("hammer", "pick", "hammer and wrench", "wrench", "screwdriver", "carpentry saw", "nut and bolt", "gear"),
        *("toolbox", "ladder", "magnet", "clamp"),
        # Desk, school and science
        *("pencil", "pen", "paintbrush", "crayon", "paperclip", "straight ruler", "triangular ruler", "scissors"),
        *("pushpin", "briefcase", "calendar", "clipboard", "file cabinet", "memo", "books", "open book", "newspaper"),
        *("graduation cap", "microscope", "telescope", "alembic", "dna", "abacus", "balance scale"),
        *("laptop", "desktop computer", "keyboard", "printer", "mobile phone", "telephone", "television", "camera"),
        *("light bulb", "satellite", "rocket", "identification card", "ballot box with ballot"),
        # Home and family
        *("chair", "bed", "couch and lamp", "door", "window", "umbrella", "candle", "basket", "fork and knife"),
        *("spoon", "jar", "shopping cart", "baby bottle", "teddy bear", "balloon", "wrapped gift", "kite"),
        # Clothes
        *("t-shirt", "jeans", "dress", "kimono", "sari", "necktie", "scarf", "gloves", "socks", "high-heeled shoe"),
        *("man’s shoe", "running shoe", "lipstick", "handbag", "backpack", "luggage", "top hat", "woman’s hat"),
        # Sport and leisure
        *("soccer ball", "basketball", "tennis", "baseball", "trophy", "sports medal", "bowling", "puzzle piece"),
        *("video game", "game die", "chess pawn", "fishing pole", "performing arts", "artist palette"),
        # On the way
        *("automobile", "bus", "train", "bicycle", "motorcycle", "tractor", "delivery truck", "airplane", "ship"),
        *("sailboat", "helicopter", "fire engine", "canoe", "anchor"),
        # Sky and feelings
        *("sun", "rainbow", "star", "cloud", "snowflake", "tornado", "red heart", "broken heart", "sparkling heart"),
    ),
}
"""CLDR names of everything that is neither a flag nor a person, by kind."""
