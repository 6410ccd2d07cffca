"""How pages and answers leave the house: refusals, security headers, page parts, built assets."""
