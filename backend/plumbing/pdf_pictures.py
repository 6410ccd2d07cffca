"""What a document may show: the pictures that were handed in, and nothing from anywhere else."""

from collections.abc import Mapping
from io import BytesIO

from weasyprint.urls import URLFetcher, URLFetcherResponse

PICTURE = "picture:"


class OnlyWhatWasHandedIn(URLFetcher):  # type: ignore[misc]  # weasyprint ships no types
    """Answers `picture:<name>` with that JPEG and `data:` with itself."""

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False)
        self._pictures = pictures

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        if url.startswith(PICTURE):
            picture = self._pictures[url.removeprefix(PICTURE)]
            return URLFetcherResponse(url, BytesIO(picture), {"Content-Type": "image/jpeg"}, 200)
        return super().fetch(url, headers)
