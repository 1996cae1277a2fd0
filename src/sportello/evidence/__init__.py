"""Has the services of tickets looked at, keeps what was seen on the ticket, and has the ticket judged anew [promise.outage]."""
