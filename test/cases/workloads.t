The workloads do what they say: everything that counts on them rests on this.

== calls
syscall:getppid { @ = count(); }
-- args -c 'calls getppid 1000'
--
@: 1000

== calls in threads
syscall:getppid /comm == "calls"/ { @ = count(); }
-- args -c 'calls -t 4 getppid 1000'
--
@: 4000

== the size and the result of a call
sysret:read /comm == "calls" && retval == 10/ { @ = count(); }
-- args -c 'calls -s 10 -p /dev/zero read 100'
--
@: 100

== spawn
tracepoint:sched:sched_process_exit /comm == "spawn"/ { @ = count(); }
-- args -c 'spawn 20'
--
@: 21

== pingpong
tracepoint:sched:sched_switch /args.prev_comm == "ping" && args.next_comm == "pong"/ { @there = count(); }
tracepoint:sched:sched_switch /args.prev_comm == "pong" && args.next_comm == "ping"/ { @back = count(); }
-- args -c 'pingpong 500'
--
@there: 500
@back: 500

== signals
syscall:kill /arg1 == 10/ { @ = count(); }
-- args -c 'signals 10 50'
--
@: 50

== 32-bit calls
tracepoint:raw_syscalls:sys_enter /comm == "calls32" && args.id == 64/ { @ = count(); }
-- args -c 'calls32 64 100'
--
@: 100
