"use strict";
/* Sportello's one script, hand-written, without a build. It adds to pages that work without it. */
