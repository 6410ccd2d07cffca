"""The walk of a visit as the regulations order it: which steps, papers, statements and signatures each way of inspecting asks for."""
