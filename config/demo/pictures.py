"""Pictures that people of the demo took: a log sheet and a card, drawn, so that nobody's data is in them."""

import io

from PIL import Image, ImageDraw, ImageFilter

PAPER, INK, RULE, DESK = "#f6f2e7", "#22304a", "#b9c0cc", "#6d5a48"
ROWS = ("Order read back", "Allergies checked", "Second check", "Filed")


def log_sheet() -> bytes:
    """A photo of a filled-in log sheet on a desk, as JPEG."""
    sheet = Image.new("RGB", (900, 1200), PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((60, 60, 840, 1140), outline=INK, width=4)
    pen.text((90, 90), "DAILY LOG - practice orders, no patient data", fill=INK, font_size=32)
    for number in range(12):
        top = 180 + number * 76
        pen.line((60, top, 840, top), fill=RULE, width=3)
        pen.text((90, top + 20), ROWS[number % len(ROWS)], fill=INK, font_size=28)
        pen.line((700, top + 40, 722, top + 60, 770, top + 14), fill=INK, width=6)
    photo = Image.new("RGB", (1600, 1200), DESK)
    turned = sheet.resize((780, 1040)).rotate(4, expand=True, fillcolor=DESK)
    photo.paste(turned, (380, 40))
    out = io.BytesIO()
    photo.filter(ImageFilter.GaussianBlur(0.8)).save(out, "JPEG", quality=85)
    return out.getvalue()


def cpr_card() -> bytes:
    """A photo of a CPR card on a desk, as JPEG."""
    card = Image.new("RGB", (860, 540), PAPER)
    pen = ImageDraw.Draw(card)
    pen.rectangle((16, 16, 844, 524), outline=INK, width=5)
    pen.rectangle((16, 16, 844, 130), fill="#a33a35")
    pen.text((50, 50), "CPR / FIRST AID - demonstration card", fill=PAPER, font_size=40)
    for line in range(4):
        pen.line((60, 220 + line * 75, 800, 220 + line * 75), fill=RULE, width=4)
    photo = Image.new("RGB", (1200, 900), DESK)
    photo.paste(card.rotate(-3, expand=True, fillcolor=DESK), (150, 150))
    out = io.BytesIO()
    photo.filter(ImageFilter.GaussianBlur(0.8)).save(out, "JPEG", quality=85)
    return out.getvalue()


def worksheet() -> bytes:
    """A page to fill in during a class, as PDF."""
    page = Image.new("L", (850, 1100), "white")
    pen = ImageDraw.Draw(page)
    pen.text((80, 80), "Worksheet: hazards of your own worksite", fill="black", font_size=30)
    for number in range(10):
        top = 190 + number * 85
        pen.text((80, top), f"{number + 1}", fill="black", font_size=26)
        pen.line((130, top + 34, 770, top + 34), fill="#888888", width=2)
    out = io.BytesIO()
    page.save(out, "PDF", resolution=100)
    return out.getvalue()
