# python3 messages.py TOP: prints those messages of doc/troubleshooting.md (bold at the beginning of a paragraph) that no string of
# the sources makes. What is in capitals there, and a conversion here, stands for anything; a message may be made of two strings.
import glob
import re
import sys

CONVERSION = r"%(?:[-+ #0-9.*]*(?:ll|l|h|z)?[a-zA-Z]|%)"
top = sys.argv[1]
sources = ""
for name in sorted(glob.glob(top + "/src/**/*.[cdhly]*", recursive=True) + glob.glob(top + "/runtime/*.[ch]")):
    if name.endswith((".c", ".h", ".l", ".y", ".def")):
        sources += open(name).read() + "\n"
strings = set(re.findall(r'"((?:[^"\\\n]|\\.)*)"', re.sub(r'"\s*"', "", sources.replace('\\"', "\001"))))


def makes(string, message):
    pieces = re.split(CONVERSION, string.replace("\001", '"'))
    said = sum(len(piece.strip()) for piece in pieces)
    return said > 10 and said * 3 > len(message) and re.search(".*".join(map(re.escape, pieces)), message)


with open(top + "/doc/troubleshooting.md") as page:
    for paragraph in re.findall(r"^\*\*.*\n", page.read(), re.M):
        for message in re.findall(r"\*\*(.*?)\.?\*\*", paragraph):
            if not any(makes(string, message) for string in strings):
                print(message)
