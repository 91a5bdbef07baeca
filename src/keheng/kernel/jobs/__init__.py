"""Work that is done after its cause is committed: jobs, the outbox of events, schedules, and the worker that does them.

A job is a row written in the transaction of its cause, so that neither exists without the other. Terms: *job* 后台任务,
*outbox* 发件箱, *schedule* 定时计划, *heartbeat* 心跳, *reaper* 回收.
"""
