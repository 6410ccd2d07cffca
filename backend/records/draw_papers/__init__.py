"""The record of a draw on paper: what the room saw and signed, with what anybody needs to compute it again."""
