"""What the forms of objections and corrections bring."""

from marshmallow import EXCLUDE, Schema, fields, validate

from backend.decisions.objections.rules import STANDINGS

_ASKED = {"required": "没有填写", "null": "没有填写"}
_LONG = validate.Length(max=4000, error="最多 4000 字")


class FormSchema(Schema):
    """A filled-in page form: unknown fields are ignored; `form_id` came with the page."""

    class Meta:
        unknown = EXCLUDE

    form_id = fields.UUID(required=True, error_messages={**_ASKED, "invalid_uuid": "请重新打开这一页"})


class ObjectionForm(FormSchema):
    """提出异议: `received` is the day the application came in."""

    result_id = fields.Integer(required=True, error_messages={**_ASKED, "invalid": "请从结果页进入"})
    lodged_by = fields.String(load_default="", validate=validate.Length(max=200, error="最多 200 字"))
    contact = fields.String(load_default="", validate=validate.Length(max=200, error="最多 200 字"))
    grounds = fields.String(load_default="", validate=_LONG)
    received = fields.Date(required=True, error_messages={**_ASKED, "invalid": "日期应为 2026-07-21 这样"})


class OnlineForm(FormSchema):
    """提出异议 on the public site. `website` is a trap: people do not see it, programs fill it in."""

    publication_no = fields.String(required=True, error_messages={**_ASKED, "required": "请从结果页进入"})
    lodged_as = fields.String(
        required=True,
        validate=validate.OneOf(tuple(STANDINGS), error="请选您是谁"),
        error_messages={"required": "请选您是谁"},
    )
    lodged_by = fields.String(load_default="", validate=validate.Length(max=200, error="最多 200 字"))
    contact = fields.String(load_default="", validate=validate.Length(max=200, error="最多 200 字"))
    grounds = fields.String(load_default="", validate=_LONG)
    website = fields.String(load_default="")


class DecisionForm(FormSchema):
    """The review's outcome, with the corrected words where it found an error."""

    outcome = fields.String(
        required=True,
        validate=validate.OneOf(("upheld", "dismissed", "turned_away"), error="请选复查结论"),
        error_messages={"required": "请选复查结论"},
    )
    opinion = fields.String(load_default="", validate=_LONG)
    code = fields.String(load_default="")
    text = fields.String(load_default="", validate=_LONG)
    disposal = fields.String(load_default="", validate=_LONG)


class CorrectionForm(FormSchema):
    """Other words for a published result, and why."""

    result_id = fields.Integer(required=True, error_messages={**_ASKED, "invalid": "请从结果页进入"})
    reason = fields.String(load_default="", validate=_LONG)
    code = fields.String(load_default="")
    text = fields.String(load_default="", validate=_LONG)
    disposal = fields.String(load_default="", validate=_LONG)
