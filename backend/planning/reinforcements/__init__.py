"""人员不足时的调配: inspectors of other departments or of a neighbouring agency join a draw, or are appointed, once approved."""
