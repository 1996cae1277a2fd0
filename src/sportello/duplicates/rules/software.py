"""Which software a text names."""

from __future__ import annotations

from collections.abc import Iterable

KNOWN = frozenset(
    [
        *(
            "wordpress",
            "woocommerce",
            "elementor",
            "prestashop",
            "magento",
            "joomla",
            "drupal",
            "opencart",
            "shopify",
            "moodle",
            "nextcloud",
        ),
        *(
            "laravel",
            "symfony",
            "django",
            "rails",
            "node",
            "php",
            "mysql",
            "mariadb",
            "postgresql",
            "redis",
            "apache",
            "nginx",
            "litespeed",
        ),
        *(
            "phpmyadmin",
            "plesk",
            "cpanel",
            "filezilla",
            "outlook",
            "thunderbird",
            "roundcube",
            "gmail",
            "hotmail",
            "debian",
            "ubuntu",
        ),
    ]
)
_ALSO = {
    "wp": "wordpress",
    "wp-admin": "wordpress",
    "wp-config": "wordpress",
    "wp-json": "wordpress",
    "roundcubemail": "roundcube",
}
_ALSO |= {"mysqld": "mysql", "outlook.com": "hotmail", "apache2": "apache", "contact7": "wordpress"}


_NAMES = KNOWN.union(_ALSO)


def software_in(words: Iterable[str]) -> frozenset[str]:
    return frozenset(_ALSO.get(word, word) for word in _NAMES.intersection(words))
