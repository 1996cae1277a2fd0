"""Every place in which a row names a file of the store: for the nightly look through it, and for a backup, which asks without Django."""

NAMED_FILES = """
    SELECT sha256 FROM tickets_attachment UNION SELECT preview_sha256 FROM tickets_attachment WHERE preview_sha256 <> ''
    UNION SELECT file ->> 'sha256' FROM mail_outboundmail, jsonb_array_elements(attachments) file
    UNION SELECT sha256 FROM privacy_download WHERE sha256 <> '' UNION SELECT sha256 FROM tickets_heldfile ORDER BY 1
"""
