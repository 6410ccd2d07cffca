"""计划、摇号、匹配: from the year's plan to tasks, to the draw that anyone can check, to the teams that go out."""
