"""Reads an evidence pack with nothing but Python: `outside.py DIR`. Prints what it found as JSON, or fails.

Written from RFC 8493, ISO 28500 and the documentation of Python, not from the program that wrote the pack. Where the Library of
Congress' own `bagit` is installed, that judges the bag as well.
"""
import csv
import hashlib
import json
import mailbox
import os
import re
import sys

csv.field_size_limit(2**31 - 1)
root = sys.argv[1]


def tags(name):
    with open(os.path.join(root, name), encoding='utf-8', newline='') as file:
        return dict(line.rstrip('\n').split(': ', 1) for line in file)


def manifest(name):
    found = {}
    with open(os.path.join(root, name), encoding='utf-8', newline='') as file:
        for line in file:
            digest, path = re.fullmatch(r'([0-9a-f]{64})[ \t]+\*?(\S+)\n', line).groups()
            assert path not in found, f'{path} is named twice'
            assert not path.startswith('/') and '..' not in path.split('/'), path
            found[path] = digest
    return found


def check_bag():
    declared = tags('bagit.txt')
    assert declared == {'BagIt-Version': '1.0', 'Tag-File-Character-Encoding': 'UTF-8'}, declared
    payload = manifest('manifest-sha256.txt')
    tag_files = manifest('tagmanifest-sha256.txt')
    octets = 0
    for path, digest in {**payload, **tag_files}.items():
        with open(os.path.join(root, path), 'rb') as file:
            data = file.read()
        assert hashlib.sha256(data).hexdigest() == digest, f'{path} was changed'
        if path in payload:
            octets += len(data)
    there = set()
    for folder, _, names in os.walk(os.path.join(root, 'data')):
        there.update(os.path.relpath(os.path.join(folder, name), root) for name in names)
    assert there == set(payload), there ^ set(payload)
    assert set(tag_files) >= {'bagit.txt', 'bag-info.txt', 'manifest-sha256.txt'}, tag_files
    assert tags('bag-info.txt')['Payload-Oxum'] == f'{octets}.{len(payload)}'
    try:
        import bagit
    except ImportError:
        return 'own reader'
    bagit.Bag(root).validate()
    return 'bagit'


def read_mbox():
    path = os.path.join(root, 'data/mail.mbox')
    if not os.path.exists(path):
        return []
    undone = re.compile(rb'^>(>*From )', re.M)
    box = mailbox.mbox(path, create=False)
    return [hashlib.sha256(undone.sub(rb'\1', box.get_bytes(key)).rstrip(b'\n')).hexdigest() for key in box.keys()]


def read_index():
    with open(os.path.join(root, 'data/index.csv'), encoding='utf-8-sig', newline='') as file:
        return list(csv.DictReader(file, strict=True))


def read_warc():
    path = os.path.join(root, 'data/posts.warc')
    if not os.path.exists(path):
        return []
    records = []
    with open(path, 'rb') as file:
        while line := file.readline():
            assert line == b'WARC/1.1\r\n', line
            header = {}
            while (line := file.readline()) != b'\r\n':
                name, value = line.decode('utf-8').rstrip('\r\n').split(': ', 1)
                header[name] = value
            block = file.read(int(header['Content-Length']))
            assert file.read(4) == b'\r\n\r\n'
            assert header['WARC-Block-Digest'] == 'sha256:' + hashlib.sha256(block).hexdigest()
            assert re.fullmatch(r'<urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}>', header['WARC-Record-ID'])
            assert re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z', header['WARC-Date'])
            records.append([header['WARC-Type'], header.get('WARC-Target-URI'), header['Content-Type'], hashlib.sha256(block).hexdigest()])
    assert len({json.dumps(record) for record in records}) == len(records)
    return records


print(json.dumps({'bag': check_bag(), 'mbox': read_mbox(), 'index': read_index(), 'warc': read_warc()}))
