"""A hand that signs on the ceremony's screen."""

from playwright.sync_api import Page, expect


def sign_with_the_pen(page: Page, signer: str) -> None:
    """Draw a few strokes into this person's field and hand them in."""
    field = page.get_by_label(f"{signer}签字区")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box is not None
    left, middle = box["x"] + 60, box["y"] + box["height"] / 2
    page.mouse.move(left, middle)
    page.mouse.down()
    for step in range(24):
        page.mouse.move(left + step * 8, middle + (24 if step % 4 < 2 else -24))
    page.mouse.up()
    button = page.get_by_role("button", name=f"{signer}签好了")
    button.click()
    expect(button).to_have_count(0)
