"""What follows from an inspection: approval, results and their publication, objections, referrals."""
