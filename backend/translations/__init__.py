"""The second language: `en.po` holds the English of what the screens say; the Chinese in the code is the source."""
