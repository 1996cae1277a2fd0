"""What is asked of the database both with and without Django: which files rows name, and whether a restore has come to its end."""

HALF_RESTORED = "SELECT to_regnamespace('sportello_restore') IS NOT NULL"
"""While a backup is being restored, and after that was broken off."""
NAMED_FILES = """
    SELECT sha256 FROM tickets_attachment UNION SELECT preview_sha256 FROM tickets_attachment WHERE preview_sha256 <> ''
    UNION SELECT file ->> 'sha256' FROM mail_outboundmail, jsonb_array_elements(attachments) file
    UNION SELECT sha256 FROM privacy_download WHERE sha256 <> '' UNION SELECT sha256 FROM tickets_heldfile ORDER BY 1
"""
"""Every place in which a row names a file of the store."""
SOME_NAMED_FILES = """
    (SELECT sha256 FROM tickets_attachment ORDER BY id LIMIT 8) UNION (SELECT sha256 FROM tickets_attachment ORDER BY id DESC LIMIT 8)
    UNION (SELECT sha256 FROM privacy_download WHERE sha256 <> '' LIMIT 4) UNION (SELECT sha256 FROM tickets_heldfile LIMIT 4)
"""
"""The oldest and the newest, in no time whatever their number. What a mail of ours takes along is the attachment of a message, too."""
