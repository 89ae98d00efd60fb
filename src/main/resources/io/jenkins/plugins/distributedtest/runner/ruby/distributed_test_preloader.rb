# frozen_string_literal: true

require_relative 'distributed_test_worker'

module DistributedTest
  # Loads the application once and forks a worker for each slot, again when one has died. Each child is waited for by
  # a thread, which reports its end at once.
  class Preloader
    # Seconds that workers get to end by themselves after `quit`, then after SIGTERM.
    PATIENCE = 20
    LAST_PATIENCE = 5

    def initialize(control, application)
      @control = control
      @application = application
      @workers = {}
    end

    def run
      @process = Process.pid
      main = Thread.current
      @control.on_stop = -> { main.raise(Stopped) } # taken while the application loads; nothing else is left off
      Stopped.hold { live }
    rescue Stopped
      nil # It came while nothing could be left off, and is told by `quit` as well.
    end

    private

    def live
      load
      @control.send_message(ready: true)
      serve
    ensure
      finish if Process.pid == @process
    end

    def load
      @application.load
    rescue SetupFailed => e
      refuse(e.message, false, e.is_a?(ProjectFailed))
    rescue StandardError => e
      refuse(e.message, true)
    end

    def refuse(message, callback, project = false)
      @control.send_message(error: message, callback: callback, project: project)
      exit(1)
    end

    def serve
      loop do
        message = @control.receive
        return if message['quit']

        fork_worker(message['fork'], message['log']) if message['fork']
      end
    end

    def fork_worker(slot, log)
      pid = fork { work(slot, log) }
      @control.send_message(forked: slot, pid: pid)
      @workers[pid] = Thread.new do
        Thread.current.name = "distributed-test waits for worker #{slot}"
        _, status = Process.wait2(pid)
        signal = status.signaled? ? Signal.signame(status.termsig) || status.termsig.to_s : nil
        @control.send_message(exited: pid, code: status.exitstatus, signal: signal)
      end
    end

    # The life of a child.
    def work(slot, log)
      Process.setsid
      [STDOUT, STDERR].each { |stream| stream.reopen(log, 'a') }
      STDOUT.sync = STDERR.sync = true
      ENV['DISTRIBUTED_TEST_SLOT'] = ENV['GORGON_WORKER_ID'] = slot.to_s
      Process.setproctitle("distributed-test #{@application.name} worker #{slot}")
      control = @control.successor('worker', slot)
      Worker.new(control, @application, log).run
    end

    def finish
      wait(PATIENCE)
      signal(:TERM)
      wait(LAST_PATIENCE)
      signal(:KILL)
      @workers.each_value(&:join)
      @application.close(:after_creating_workers, @control) if @application.opened?
    end

    def wait(seconds)
      deadline = now + seconds
      @workers.each_value { |thread| thread.join([deadline - now, 0].max) }
    end

    def signal(name)
      @workers.each do |pid, thread|
        begin
          Process.kill(name, name == :KILL ? -pid : pid) if thread.alive?
        rescue SystemCallError
          nil
        end
      end
    end

    def now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end
  end
end
