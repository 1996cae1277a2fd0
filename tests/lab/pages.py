"""What the lab's sites say when they are well, and what stands in their place when they are not. The words are the real programs'."""

from __future__ import annotations

_HEAD = '<!doctype html>\n<html lang="it"><head><meta charset="utf-8"><title>{title}</title></head>\n<body>\n'
_WORDS = (
    "Dal 1962 lavoriamo il rovere e il castagno dei boschi della Sila. In bottega si trovano tavoli, sedie e librerie su misura, e chi "
    "vuole può seguire la lavorazione. Siamo aperti dal martedì al sabato, dalle 9 alle 12.30 e dalle 15 alle 19."
)


def page(title: str, *more: str) -> str:
    inside = "".join(f"<p>{paragraph}</p>\n" for paragraph in (_WORDS, *more))
    return f"{_HEAD.format(title=title)}<h1>{title}</h1>\n{inside}</body></html>\n"


FALEGNAMERIA = page("Falegnameria Morelli")
SHORT = "<h1>Sito in costruzione</h1>"
"""A customer's own words, and few."""
ABOUT_FAULTS = page(
    "Il taccuino del sistemista",
    "Che cosa fare quando WordPress dice <em>Error establishing a database connection</em>.",
    "Che cosa vuol dire <em>This Account has been suspended</em>, e <em>There has been a critical error on this website</em>.",
    "Ogni tanto capita anche <em>PHP Fatal error: Allowed memory size exhausted</em>, o <em>503 Service Unavailable</em>.",
)
"""A site that is well, and whose articles are about others that are not."""
DRAWN = _HEAD.format(title="Prenotazioni") + '<div id="app"></div><script src="/app.js"></script></body></html>'
_SHOWN = "<?php ini_set('display_errors', '1'); "
WITH_WARNING = _SHOWN + "echo $nowhere; ?>" + FALEGNAMERIA
FATAL_SHOWN = _SHOWN + "function_that_nobody_wrote();"
"""PHP says 200 when it shows its errors."""
SLOW = "<?php sleep({seconds}); ?>" + FALEGNAMERIA
DRIPPING = (
    "<?php while (ob_get_level()) ob_end_flush(); echo str_repeat(' ', 4096); "
    'foreach (range(1, 4) as $i) { echo "<p>$i</p>"; flush(); sleep(1); } ?>' + FALEGNAMERIA
)
WITHOUT_END = "<?php while (ob_get_level()) ob_end_flush(); while (true) { echo '<p>', str_repeat('x', 4096); flush(); sleep(1); }"
FOR_EVER = "<?php while (true) sleep(1);"
SUSPENDED = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html><head><title>Account Suspended</title></head><body><div id="container"><h1>Account Suspended</h1>
<p>This Account has been suspended.</p><p>Contact your hosting provider for more information.</p></div></body></html>
"""

THEME = {
    "style.css": "/*\nTheme Name: Bottega\nVersion: 1.0\n*/\n",
    "index.php": """<!doctype html>
<html <?php language_attributes(); ?>><head><meta charset="<?php bloginfo('charset'); ?>"><title><?php bloginfo('name'); ?></title>
<?php wp_head(); ?></head><body <?php body_class(); ?>><h1><?php bloginfo('name'); ?></h1>
<?php while (have_posts()) { the_post(); the_title('<h2>', '</h2>'); the_content(); } wp_footer(); ?></body></html>
""",
}
PLUGIN_FATAL = "<?php function_that_nobody_wrote();"
PLUGIN_GREEDY = "<?php $held = []; while (true) $held[] = str_repeat('x', 1048576);"
PLUGIN_UNPARSED = "<?php if (true { echo 'typing error';"
STUCK_UPDATE = "<?php $upgrading = time() - 60;"

CONFIGURATION = """<?php
define('DB_NAME', '{database}');
define('DB_USER', '{user}');
define('DB_PASSWORD', '{password}');
define('DB_HOST', 'localhost:{socket}');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_HOME', '{scheme}://{name}');
define('WP_SITEURL', '{scheme}://{name}');
define('WP_DEFAULT_THEME', 'bottega');
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
$table_prefix = '{prefix}';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
INSTALL = """
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = 'localhost';
require 'wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
if (!function_exists('wp_new_blog_notification')) { function wp_new_blog_notification() {} }
wp_install('Agriturismo La Quercia', 'admin', 'admin@customer.example', true, '', 'prova');
"""
