"""A false sentence and its honest counterpart, trade by trade: who did it, was it done, what belongs to what."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from assistant.facts import unsupported
from assistant.records import Brief, Document, Excerpt


@dataclass(frozen=True)
class Scene:
    """Notes and a draft, the slots that a reader marks, and pairs of a false and a true sentence.

    A false one is left out where the gate cannot see it yet.
    """

    trade: str
    draft: str
    notes: str
    slots: dict[str, tuple[str, ...]]
    pairs: tuple[tuple[str | None, str], ...]
    fine: tuple[str, ...] = field(default=())

    @property
    def sources(self) -> tuple[Document, Document]:
        return Document("draft", self.draft), Document("notes", self.notes)

    @property
    def brief(self) -> Brief:
        return Brief(**{slot: tuple(map(self._excerpt, texts)) for slot, texts in self.slots.items()})

    def _excerpt(self, text: str) -> Excerpt:
        name, whole = ("notes", self.notes) if text in self.notes else ("draft", self.draft)
        start = whole.index(text)
        return Excerpt(text, name, start, start + len(text), whole.count("\n", 0, start) + 1)


FERRY = Scene(
    "ferry",
    "Hello, any deck jobs going? I'm a hard worker and I love the sea.",
    "Captain Rune Aasland, skippers the 500 GT ferry Solvær for Nordlys Ferries. he posted that they lose 20 minutes a "
    "day at the Brattvik ramp.\n"
    "me: Ines Prado, deckhand 4 seasons on the Tavira river boats. I re-marked the loading lanes, turnaround went from "
    "14 to 9 minutes.\n"
    "applying for: Mate, Solvær (winter). haven't got my radio certificate yet, exam 12 March. 10 min on the phone",
    {
        "recipient": ("Rune Aasland",),
        "sender": ("Ines Prado",),
        "about": ("deckhand 4 seasons on the Tavira river boats",),
        "proof": ("I re-marked the loading lanes, turnaround went from 14 to 9 minutes",),
        "why_them": ("he posted that they lose 20 minutes a day at the Brattvik ramp",),
        "target": ("Mate, Solvær (winter)",),
    },
    (
        ("I skipper the 500 GT ferry Solvær.", "You skipper the 500 GT ferry Solvær."),
        ("I've skipper the 500 GT ferry for Nordlys Ferries.", "I'm writing because you skipper the Solvær."),
        ("You re-marked the loading lanes.", "I re-marked the loading lanes."),
        ("I'm the mate on the Solvær.", "I'm applying for Mate on the Solvær."),
        ("I posted that we lose 20 minutes a day at the Brattvik ramp.", "You posted about the Brattvik ramp."),
        ("Your turnaround went from 14 to 9 minutes.", "My turnaround went from 14 to 9 minutes."),
        ("I have my radio certificate.", "I don't have my radio certificate yet."),
        (None, "Turnaround went from 14 to 9 minutes."),
        ("I've been a deckhand at Nordlys Ferries for 4 seasons.", "I've been a deckhand for 4 seasons."),
    ),
    ("I've been a deckhand on the Tavira river boats for four seasons.", "My radio exam is on 12 March."),
)
WARD = Scene(
    "nursing",
    "Dear Sister Adeleke, please I want to move to your hospital. I am very passionate.",
    "Folake Adeleke - matron, respiratory, Marsh Cross Infirmary. Her paper on night-time falls (2023), read it twice\n"
    "I'm Dorota Lis, 6 yrs nursing, ward lead 1 yr at St Aelred's. Our team cut pressure sores by 40%\n"
    "hoping to move into respiratory. thinking of doing the NIV course in May\n"
    "role: Sister, Respiratory Unit, nights",
    {
        "recipient": ("Folake Adeleke",),
        "sender": ("Dorota Lis",),
        "about": ("6 yrs nursing, ward lead 1 yr at St Aelred's",),
        "proof": ("Our team cut pressure sores by 40%",),
        "why_them": ("Her paper on night-time falls (2023)",),
        "target": ("Sister, Respiratory Unit, nights",),
    },
    (
        ("I've led the ward for 6 years.", "I've led the ward for 1 year."),
        ("I've been ward lead for 6 years.", "I've been nursing for 6 years, one of them as ward lead."),
        ("My paper on night-time falls appeared in 2023.", "Your paper on night-time falls appeared in 2023."),
        ("I moved into respiratory.", "I hope to move into respiratory."),
        ("I did the NIV course in May.", "I'm thinking of doing the NIV course in May."),
        ("I'm a Sister on the Respiratory Unit.", "I'd like to apply for Sister, Respiratory Unit."),
        ("Your team cut pressure sores by 40%.", "My team cut pressure sores by 40%."),
        ("I'm a matron at Marsh Cross Infirmary.", "You're matron at Marsh Cross Infirmary."),
        ("You lead a ward at St Aelred's.", "I lead a ward at St Aelred's."),
        ("I hope to lead a ward at St Aelred's.", "I've been ward lead at St Aelred's for a year."),
    ),
    ("I've read your 2023 paper on night-time falls twice.", "We cut pressure sores by 40 percent."),
)
POWER = Scene(
    "electricians",
    "hi mate u got anything going for a sparky",
    "Gareth Pym, contracts manager at Tolland Electrical. he hired two of our college year\n"
    "- me, Kofi Darko, 3rd year apprentice with Brindle & Co\n"
    "- rewired 22 flats at Harmer Court with one other lad, no remedials\n"
    "- outage at Calder depot: found the fault in 40 minutes, saved the night shift\n"
    "- want: Improver, Tolland. only free from September",
    {
        "recipient": ("Gareth Pym",),
        "sender": ("Kofi Darko",),
        "about": ("3rd year apprentice with Brindle & Co",),
        "proof": ("rewired 22 flats at Harmer Court with one other lad, no remedials",),
        "why_them": ("he hired two of our college year",),
        "target": ("Improver, Tolland",),
    },
    (
        ("I rewired 22 flats at Calder depot.", "I rewired 22 flats at Harmer Court."),
        (None, "I found the fault at Calder depot in 40 minutes."),
        ("You rewired 22 flats at Harmer Court.", "With one other lad I rewired 22 flats at Harmer Court."),
        ("I hired two of your college year.", "You hired two of our college year."),
        ("I'm an Improver at Tolland.", "I'd like to start as an Improver at Tolland."),
        ("I'm contracts manager at Tolland Electrical.", "You're contracts manager at Tolland Electrical."),
        ("I'm a 3rd year apprentice with Tolland Electrical.", "I'm a 3rd year apprentice with Brindle & Co."),
        ("You're an apprentice with Brindle & Co.", "I'm an apprentice with Brindle & Co."),
        ("There were remedials in the flats.", "There were no remedials in the flats."),
        ("I'm free from September on, and before.", "I'm only free from September."),
    ),
)
ANALYST = Scene(
    "data",
    "Dear hiring manager, I believe I am a perfect fit for any data role.",
    "To: Wanjiru Maina, analytics lead, Kestrel Freight. She gave a talk on late-delivery models at DataNairobi.\n"
    "From: Peter Otieno, warehouse clerk at Simba Stores since 2019. applying for data analyst at Kestrel Freight.\n"
    "Built a stock sheet in Excel, counting errors fell from 31 to 6 a week. Self-taught SQL, 8 months. Want to learn "
    "Python next year.\n"
    "My manager Grace trains the new clerks.",
    {
        "recipient": ("Wanjiru Maina",),
        "sender": ("Peter Otieno",),
        "about": ("warehouse clerk at Simba Stores since 2019",),
        "proof": ("Built a stock sheet in Excel, counting errors fell from 31 to 6 a week",),
        "why_them": ("She gave a talk on late-delivery models at DataNairobi",),
        "target": ("data analyst at Kestrel Freight",),
    },
    (
        ("I'm a data analyst at Kestrel Freight.", "I'm applying for data analyst at Kestrel Freight."),
        ("I've been a data analyst since 2019.", "I've been a warehouse clerk since 2019."),
        ("I gave a talk on late-delivery models at DataNairobi.", "You gave a talk on late-delivery models."),
        (None, "I've taught myself SQL for 8 months."),
        ("You built a stock sheet in Excel.", "I built a stock sheet in Excel."),
        ("I train the new clerks.", "My manager trains the new clerks."),
        ("I learned Python last year.", "I want to learn Python next year."),
        ("Counting errors fell from 6 to 31 a week.", "Counting errors fell from 31 to 6 a week."),
        ("I'm a warehouse clerk at Kestrel Freight.", "I'm a warehouse clerk at Simba Stores."),
        ("You've worked at Simba Stores since 2019.", "I've worked at Simba Stores since 2019."),
        ("I lead analytics at Kestrel Freight.", "You lead analytics at Kestrel Freight."),
    ),
)
CLAY = Scene(
    "ceramics",
    "Hi!! your gallery is soooo beautiful, would you show my work?",
    "gallery = Tin Shed, run by Marguerite Osei. she showed Petra Lund's raku pots in spring and wrote that glaze "
    "tests should be shown too\n"
    "I'm Hamza Rafiq. I kept all 310 glaze tests from my residency in Jingdezhen and fired 48 bowls for the Leeds "
    "craft fair, 41 sold. I would like to hang the tests as a wall in the autumn show.\n"
    "maybe a second residency in Faenza, not confirmed. studio rent goes up in June",
    {
        "recipient": ("Marguerite Osei",),
        "sender": ("Hamza Rafiq",),
        "proof": ("I kept all 310 glaze tests from my residency in Jingdezhen",),
        "why_them": ("she showed Petra Lund's raku pots in spring and wrote that glaze tests should be shown too",),
        "target": ("I would like to hang the tests as a wall in the autumn show",),
    },
    (
        ("I showed Petra Lund's raku pots in spring.", "You showed Petra Lund's raku pots in spring."),
        (None, "You wrote that glaze tests should be shown too."),
        ("You kept all 310 glaze tests.", "I kept all 310 glaze tests."),
        ("I fired 310 bowls for the Leeds craft fair.", "I fired 48 bowls for the Leeds craft fair."),
        (
            "I kept 310 glaze tests from my residency in Faenza.",
            "I kept 310 glaze tests from my residency in Jingdezhen.",
        ),
        ("I'm confirmed for a residency in Faenza.", "A second residency in Faenza is not confirmed."),
        ("I hung the tests as a wall in the autumn show.", "I'd like to hang the tests as a wall in the autumn show."),
        ("I run Tin Shed.", "You run Tin Shed."),
        ("Your residency in Jingdezhen gave 310 glaze tests.", "My residency in Jingdezhen gave 310 glaze tests."),
    ),
)
FOUNDER = Scene(
    "founders",
    "Hi Annika, we're raising. Deck attached. When can we talk?",
    "Annika Broström, partner at Fjärd Capital, invested in Klippa (barcode returns). Said on a panel in Malmö that "
    "she wants to see churn before growth.\n"
    "Us: Torvi, returns software for bike shops. 3 founders. 64 shops pay us, churn 2% a month. My co-founder Sefa "
    "built the scanner app at Decathlon before.\n"
    "we plan to open Denmark in 2026. We nearly signed Bikeland. Ask = 20 min on churn, no money yet",
    {
        "recipient": ("Annika Broström",),
        "proof": ("64 shops pay us, churn 2% a month",),
        "why_them": ("Said on a panel in Malmö that she wants to see churn before growth",),
        "target": ("20 min on churn",),
    },
    (
        ("We invested in Klippa.", "You invested in Klippa."),
        ("We opened Denmark in 2026.", "We plan to open Denmark in 2026."),
        ("We signed Bikeland.", "We nearly signed Bikeland."),
        ("I built the scanner app at Decathlon.", "My co-founder Sefa built the scanner app at Decathlon."),
        ("64 shops pay you, and your churn is 2% a month.", "64 shops pay us, and our churn is 2% a month."),
        (
            "I said on a panel in Malmö that churn comes before growth.",
            "You said on a panel in Malmö that you want to see churn before growth.",
        ),
        ("I'm a partner at Fjärd Capital.", "You're a partner at Fjärd Capital."),
        ("We have 2 founders and churn of 3% a month.", "We are 3 founders, and churn is 2% a month."),
        (None, "64 shops pay us."),
    ),
)
THESIS = Scene(
    "research",
    "Dear Professor, I am interested in your research. Please accept me.",
    "prof ana luisa teixeira, river ecology at minho. her 2022 paper: eel counts in dammed rivers, table 3 has no "
    "winter data.\n"
    "my name is Bilal Anwar, msc peshawar, thesis on mahseer in the swat river, 26 winter surveys, supervised by dr "
    "gul. published nothing so far\n"
    "i want a phd place from october. i speak some portuguese. her student joão answered my mail once",
    {
        "recipient": ("ana luisa teixeira",),
        "sender": ("Bilal Anwar",),
        "about": ("msc peshawar",),
        "proof": ("thesis on mahseer in the swat river, 26 winter surveys",),
        "why_them": ("her 2022 paper: eel counts in dammed rivers, table 3 has no winter data",),
        "target": ("a phd place from october",),
    },
    (
        ("My 2022 paper has eel counts in dammed rivers.", "Your 2022 paper has eel counts in dammed rivers."),
        (None, "I read your 2022 paper on eel counts."),
        ("You did 26 winter surveys in the Swat river.", "I did 26 winter surveys in the Swat river."),
        ("Your thesis is on mahseer in the Swat river.", "My thesis is on mahseer in the Swat river."),
        ("I've published so far.", "I've published nothing so far."),
        (None, "For my thesis I did 26 winter surveys."),
        ("I have a PhD.", "I want a PhD place from October."),
        ("You answered my mail once.", "Your student João answered my mail once."),
        ("Table 3 of your paper has winter data.", "Table 3 of your paper has no winter data."),
        (None, "I speak some Portuguese."),
    ),
)
WELD = Scene(
    "welding",
    "Good morning sir. I want welding job in your shipyard. Thank you.",
    "- Mr. Duarte Pinheiro is welding foreman at Lisnave yard 3\n"
    "- my uncle Chidi worked under him 9 years, uncle said he checks roots with a mirror\n"
    "- I am Emeka. 2 years MIG in a trailer factory in Benin City, 14 trailers a month, I did the chassis\n"
    "- I passed 6G test last Tuesday; TIG not yet\n"
    "- want to be taken as pipe welder, night shift is ok, if there is no place I will do grinding",
    {
        "recipient": ("Duarte Pinheiro",),
        "sender": ("Emeka",),
        "about": ("2 years MIG in a trailer factory in Benin City",),
        "proof": ("I passed 6G test last Tuesday",),
        "why_them": ("he checks roots with a mirror",),
        "target": ("pipe welder",),
    },
    (
        ("I worked under you for 9 years.", "My uncle Chidi worked under you for 9 years."),
        ("I've done MIG for 9 years.", "I've done MIG for 2 years."),
        ("I'm a pipe welder in a trailer factory.", "I'd like to be taken on as a pipe welder."),
        ("I'm welding foreman at Lisnave yard 3.", "You're welding foreman at Lisnave yard 3."),
        ("I passed the TIG test last Tuesday.", "I passed the 6G test last Tuesday."),
        ("I check roots with a mirror.", "My uncle said that you check roots with a mirror."),
        ("You passed the 6G test last Tuesday.", "I passed the 6G test last Tuesday, not TIG yet."),
        (None, "If there is no place I will do grinding."),
    ),
)
CHOIR = Scene(
    "music",
    "Dear Ms Vance, I'd be a great addition to your choir!",
    "Imogen Vance conducts the Ashby Singers and sang alto in the Tallis recording. auditions 4 and 5 October\n"
    "Rashid Noor (me): tenor, 5 years in the hospital choir, solo in the Fauré last Easter. sight-reading is slow. "
    "Nurse by day. My wife plays the viola in the Ashby orchestra.",
    {
        "recipient": ("Imogen Vance",),
        "sender": ("Rashid Noor",),
        "proof": ("5 years in the hospital choir, solo in the Fauré last Easter",),
        "why_them": ("sang alto in the Tallis recording",),
    },
    (
        ("I sang alto in the Tallis recording.", "You sang alto in the Tallis recording."),
        ("I've been in the Ashby Singers for 5 years.", "I've been in the hospital choir for 5 years."),
        ("I play the viola in the Ashby orchestra.", "My wife plays the viola in the Ashby orchestra."),
        ("You sang the solo in the Fauré last Easter.", "I sang the solo in the Fauré last Easter."),
        ("I conduct the Ashby Singers.", "You conduct the Ashby Singers."),
        ("You've been a nurse by day.", "I'm a nurse by day."),
        (None, "I had a solo in the Fauré last Easter."),
    ),
)
LIBRARY = Scene(
    "libraries",
    "Hi Beatriz, long time no see! I've left teaching and I'm looking for work. Got anything?",
    "Beatriz Amaral: head of children's services, Orla Libraries. We taught together at Mill Road Primary until 2018, "
    "she ran the phonics room. She moved to libraries in 2018.\n"
    "me, Joanne Tull: Year 2 teacher 11 years, left in July. Reading club I started had 36 children, parents ran it "
    "after me. Post: Children's Library Officer (job share). I'd prefer mornings.",
    {
        "recipient": ("Beatriz Amaral",),
        "sender": ("Joanne Tull",),
        "history": ("We taught together at Mill Road Primary until 2018",),
        "proof": ("Reading club I started had 36 children",),
        "why_them": ("She moved to libraries in 2018",),
        "target": ("Children's Library Officer (job share)",),
    },
    (
        ("I ran the phonics room at Mill Road Primary.", "You ran the phonics room at Mill Road Primary."),
        ("I moved to libraries in 2018.", "You moved to libraries in 2018."),
        ("You were a Year 2 teacher for 11 years.", "I was a Year 2 teacher for 11 years."),
        ("I'm head of children's services at Orla Libraries.", "You're head of children's services at Orla Libraries."),
        ("I'm a Children's Library Officer.", "I'd like to apply for Children's Library Officer."),
        ("You started a reading club for 36 children.", "I started a reading club that had 36 children."),
        (None, "We taught together at Mill Road Primary until 2018."),
        ("Your reading club had 36 children.", "My reading club had 36 children."),
    ),
)
FARM = Scene(
    "farming",
    "Dear Tomasz, do you need workers? I can come any time.",
    "Tomasz Wrona grows 80 ha of apples near Grójec, he was in the co-op paper: he lost a third of the Gala to frost "
    "on 24 April\n"
    "I (Lesia Kovalenko) pruned for two winters at Sady Bielsk, about 900 trees a week with 4 women. i drive tractor, "
    "no lorry licence\n"
    "i would like to start in february, foreman job if possible. my brother looks after frost candles at bielsk",
    {
        "recipient": ("Tomasz Wrona",),
        "sender": ("Lesia Kovalenko",),
        "proof": ("pruned for two winters at Sady Bielsk, about 900 trees a week with 4 women",),
        "why_them": ("he lost a third of the Gala to frost on 24 April",),
        "target": ("foreman job",),
    },
    (
        ("I grow 80 ha of apples near Grójec.", "You grow 80 ha of apples near Grójec."),
        ("I lost a third of my Gala to frost on 24 April.", "You lost a third of your Gala to frost on 24 April."),
        ("You pruned for two winters at Sady Bielsk.", "I pruned for two winters at Sady Bielsk."),
        ("We pruned 900 trees a week.", "We pruned about 900 trees a week."),
        ("I have a lorry licence.", "I drive a tractor and have no lorry licence."),
        ("I'm a foreman at Sady Bielsk.", "I'd like a foreman job if possible."),
        ("I look after frost candles at Bielsk.", "My brother looks after frost candles at Bielsk."),
        ("I started in February.", "I would like to start in February."),
        ("I pruned 80 ha of apples for two winters.", "I pruned about 900 trees a week for two winters."),
    ),
)
KITCHEN = Scene(
    "kitchens",
    "chef pls give me a trial shift, i will do anything",
    "Chef Pilar Iturbe / Casa Iturbe / she moved the tasting menu to one oven last winter\n"
    "Me / Dean Whitlock / commis at The Long Pond 2 yrs / before that 5 yrs army cook\n"
    "I ran the bread section alone in August, 90 covers, waste under 3 kg a night\n"
    "Trial shift for chef de partie, any Monday. Not vegetarian cooking, never done it",
    {
        "recipient": ("Pilar Iturbe",),
        "sender": ("Dean Whitlock",),
        "about": ("commis at The Long Pond 2 yrs",),
        "proof": ("I ran the bread section alone in August, 90 covers, waste under 3 kg a night",),
        "why_them": ("she moved the tasting menu to one oven last winter",),
        "target": ("chef de partie",),
    },
    (
        ("I moved the tasting menu to one oven last winter.", "You moved the tasting menu to one oven last winter."),
        ("I've been commis at The Long Pond for 5 years.", "I've been commis at The Long Pond for 2 years."),
        ("I was an army cook for 2 years.", "I was an army cook for 5 years."),
        ("I'm chef de partie at Casa Iturbe.", "Could I do a trial shift for chef de partie on any Monday?"),
        ("Waste was 3 kg a night.", "Waste was under 3 kg a night."),
        ("You ran the bread section alone in August.", "I ran the bread section alone in August."),
        ("I've done vegetarian cooking.", "I've never done vegetarian cooking."),
        ("I'm commis at Casa Iturbe.", "I'm commis at The Long Pond."),
    ),
)
SCENES = (FERRY, WARD, POWER, ANALYST, CLAY, FOUNDER, THESIS, WELD, CHOIR, LIBRARY, FARM, KITCHEN)


@pytest.mark.parametrize(
    ("scene", "text"), [(s, a) for s in SCENES for a, _ in s.pairs if a], ids=lambda v: getattr(v, "trade", None)
)
def test_a_false_sentence_is_refused(scene: Scene, text: str) -> None:
    assert unsupported(text, scene.sources, brief=scene.brief)


@pytest.mark.parametrize(
    ("scene", "text"),
    [(s, b) for s in SCENES for b in (*(b for _, b in s.pairs), *s.fine)],
    ids=lambda v: getattr(v, "trade", None),
)
def test_its_honest_counterpart_passes(scene: Scene, text: str) -> None:
    assert unsupported(text, scene.sources, brief=scene.brief) == ()
