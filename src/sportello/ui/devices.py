"""The browser and the system that a User-Agent names, so that somebody knows their own device again. Pure."""

from __future__ import annotations

# The first that is found counts: most browsers name others beside themselves.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


def device(agent: str) -> str:
    """“Firefox · Windows”; of what names neither, the beginning as it stands."""
    found = (next((name for sign, name in names.items() if sign in agent), "") for names in (BROWSERS, SYSTEMS))
    return " · ".join(filter(None, found)) or agent[:40]
