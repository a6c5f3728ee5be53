# Runs a program on a pseudo-terminal of its own. argv: the steps as JSON, then the program.
# A step is {"expect": text} (wait until it appears after the last match) or {"send": text} or {"wait": seconds}
# or {"size": [rows, columns]} or {"look": name} (wait until nothing comes any more; note how far the transcript is).
# Prints {"transcript", "status", "matches": [seconds from the last send], "looks": {name: offset}} as JSON.
import fcntl, json, os, pty, select, struct, sys, termios, time

steps, program = json.loads(sys.argv[1]), sys.argv[2:]
pid, master = pty.fork()
if pid == 0:
    os.execvp(program[0], program)
seen, mark, sent, matches, looks, problem = '', 0, time.time(), [], {}, None

def read(seconds):
    global seen
    if not select.select([master], [], [], seconds)[0]:
        return True
    try:
        data = os.read(master, 65536)
    except OSError:
        return False
    seen += data.decode('utf8', 'replace')
    return len(data) > 0

for step in steps:
    if 'send' in step:
        os.write(master, step['send'].encode())
        sent = time.time()
    elif 'size' in step:
        fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack('HHHH', *step['size'], 0, 0))
    elif 'look' in step:
        quiet = time.time()
        while time.time() - quiet < 0.12:
            before = len(seen)
            read(0.02)
            if len(seen) > before:
                quiet = time.time()
        looks[step['look']] = len(seen)
    elif 'wait' in step:
        end = time.time() + step['wait']
        while time.time() < end:
            read(0.01)
    else:
        end = time.time() + 10
        while step['expect'] not in seen[mark:] and time.time() < end and read(0.05):
            pass
        if step['expect'] not in seen[mark:]:
            problem = 'never saw ' + step['expect']
            break
        mark = seen.index(step['expect'], mark) + len(step['expect'])
        matches.append(time.time() - sent)
if problem:
    os.kill(pid, 9)
end = time.time() + 5
while time.time() < end and read(0.05):
    pass
done, code = 0, 0
while done == 0 and time.time() < end:
    done, code = os.waitpid(pid, os.WNOHANG)
    time.sleep(0.01)
if done == 0:
    problem = problem or 'did not end'
    os.kill(pid, 9)
    done, code = os.waitpid(pid, 0)
print(json.dumps({'transcript': seen, 'status': os.waitstatus_to_exitcode(code), 'matches': matches, 'looks': looks, 'problem': problem}))
