The workloads do what they say: everything that counts on them rests on this.

== calls
syscall:getppid /pid == $target/ { @ = count(); }
-- args -c 'calls getppid 1000'
--
@: 1000

== calls in threads
syscall:getppid /pid == $target/ { @ = count(); }
-- args -c 'calls -t 4 getppid 1000'
--
@: 4000

== the size and the result of a call
sysret:read /pid == $target && retval == 10/ { @ = count(); }
-- args -c 'calls -s 10 -p /dev/zero read 100'
--
@: 100

== spawn
tracepoint:sched:sched_process_exit /ppid == $target/ { @ = count(); }
-- args -c 'spawn 20'
--
@: 20

== spawn and execute
tracepoint:sched:sched_process_exec /ppid == $target/ { @ = count(); }
-- args -c 'spawn -x 20'
--
@: 20

== spawn threads
tracepoint:sched:sched_process_exit /pid == $target && tid != $target/ { @ = count(); }
-- args -c 'spawn -t 20'
--
@: 20

== pingpong
tracepoint:sched:sched_switch /pid == $target && args.prev_comm == "ping" && args.next_comm == "pong"/ { @there = count(); }
tracepoint:sched:sched_switch /ppid == $target && args.prev_comm == "pong" && args.next_comm == "ping"/ { @back = count(); }
-- args -c 'pingpong 500'
--
@there: 500
@back: 500

== signals
syscall:kill /pid == $target && arg1 == 10/ { @ = count(); }
-- args -c 'signals 10 50'
--
@: 50

== 32-bit calls are seen where all calls are, and are not another call there
tracepoint:raw_syscalls:sys_enter /pid == $target && args.id == 64/ { @ = count(); }
syscall:semget /pid == $target/ { @semget = count(); }
-- args -c 'calls32 64 100'
-- needs int80
--
@: 100
@semget: 0
