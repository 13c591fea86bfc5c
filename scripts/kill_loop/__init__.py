"""Programs killed in the middle of what they do, again and again: nothing may be half done, no event lost.

``python -m scripts.kill_loop --times 200`` does it by hand on both engines; a handful is in the tests.
"""
