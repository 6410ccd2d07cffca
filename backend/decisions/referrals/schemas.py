"""What the form of a referral brings."""

from marshmallow import EXCLUDE, Schema, fields, validate

_LONG = validate.Length(max=4000, error="最多 4000 字")


class ReferralForm(Schema):
    """移交、移送 of what one result found."""

    class Meta:
        unknown = EXCLUDE

    form_id = fields.UUID(
        required=True, error_messages={"required": "请重新打开这一页", "invalid_uuid": "请重新打开这一页"}
    )
    result_id = fields.Integer(
        required=True, error_messages={"required": "请从结果页进入", "invalid": "请从结果页进入"}
    )
    kind = fields.String(load_default="")
    receiver = fields.String(load_default="", validate=validate.Length(max=200, error="最多 200 字"))
    facts = fields.String(load_default="", validate=_LONG)
    materials = fields.String(load_default="", validate=_LONG)
