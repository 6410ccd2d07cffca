"""随同人员和专家: drawn or appointed beside a team, they assist and never fill one of its seats."""
