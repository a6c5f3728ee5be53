"""Drives the kernel `xpv` as Jupyter does; prints what it saw as JSON. Run by the test beside it."""
import json
import os
import subprocess
import sys
import time

from jupyter_client.manager import start_new_kernel

ORPHAN = """
import os, sys
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name='xpv', startup_timeout=60)
print(manager.provisioner.pid, flush=True)
os._exit(0)
"""


def gone(pid):
    try:
        with open(f'/proc/{pid}/stat') as stat:
            return stat.read().rsplit(')', 1)[1].split()[0] == 'Z'
    except FileNotFoundError:
        return True


def wait(condition, seconds=30):
    end = time.time() + seconds
    while time.time() < end and not condition():
        time.sleep(0.02)
    return condition()


def children(pid):
    with open(f'/proc/{pid}/task/{pid}/children') as listed:
        return listed.read().split()


left = subprocess.Popen([sys.executable, '-c', ORPHAN], stdout=subprocess.PIPE, text=True)
manager, client = start_new_kernel(kernel_name='xpv', startup_timeout=60)
pid = manager.provisioner.pid


def run(code):
    shown = []
    reply = client.execute_interactive(
        code,
        timeout=60,
        output_hook=lambda each: shown.append({'type': each['msg_type'], **each['content']}),
    )
    return {
        'status': reply['content']['status'],
        'count': reply['content']['execution_count'],
        'shown': [each for each in shown if each['type'] not in ('status', 'execute_input')],
    }


def asked(method, *words):
    message = getattr(client, method)(*words)
    while True:
        reply = client.get_shell_msg(timeout=60)
        if reply['parent_header'].get('msg_id') == message:
            return reply['content']


def interrupted(code):
    message = client.execute(code)
    while client.get_iopub_msg(timeout=60)['parent_header'].get('msg_id') != message:
        pass
    time.sleep(0.2)
    started = time.time()
    manager.interrupt_kernel()
    reply = client.get_shell_msg(timeout=60)
    assert reply['parent_header']['msg_id'] == message
    return {'name': reply['content'].get('ename'), 'seconds': time.time() - started}


saw = {
    'language': asked('kernel_info')['language_info'],
    'value': run('const kept = 6 * 7\nkept'),
    'table': run('domains'),
    'chart': run("xm.create('web1')\nchart.bar(on('xpv:::').by('probename').count())"),
    'd': run('%%d\nxpv:::dom-create-start { @[probename] = count(); }'),
    'command': run('%%sh\nxm list'),
    'error': run("function f() {\n  throw new Error('boom')\n}\nf()"),
    'types': run("const text: string = pcpus[1].idleNs"),
    'complete': asked('complete', 'pcpus[1].id', 11),
    'inspect': asked('inspect', 'pcpus[1].idleNs', 12),
    'loop': interrupted('for (;;) {}'),
    'wait': interrupted('await new Promise(() => {})'),
    'after': run('kept'),
}
server = children(pid)
manager.restart_kernel(now=False)
client.wait_for_ready(timeout=60)
saw['restarted'] = run('typeof globalThis.kept')
saw['gone'] = [gone(each) for each in [pid, *server]]
pid = manager.provisioner.pid
client.stop_channels()
manager.shutdown_kernel()
saw['ended'] = gone(pid)
orphan = int(left.stdout.readline())
left.wait()
saw['orphan'] = wait(lambda: gone(orphan))
print(json.dumps(saw))
