# frozen_string_literal: true

require 'socket'
require_relative 'distributed_test_json'

module DistributedTest
  # Replaces methods on purpose, without Ruby's warning (-w) about that.
  def self.quietly
    verbose = $VERBOSE
    $VERBOSE = nil
    yield
  ensure
    $VERBOSE = verbose
  end

  # The run ends early: what test code does is left off, and closing callbacks are called. Frameworks let exceptions of
  # this kind through, as they do a signal's.
  class Stopped < SignalException
    def initialize(*)
      super('TERM')
    end

    # Work that ends by itself: it is not stopped in the middle.
    def self.hold(&work)
      Thread.handle_interrupt(Stopped => :never, &work)
    end

    # Within the former, work that may be left off anywhere.
    def self.allow(&work)
      Thread.handle_interrupt(Stopped => :immediate, &work)
    end
  end

  # The control connection: one JSON object per line each way over TCP to 127.0.0.1.
  #
  # A thread of its own reads it, also while a test runs: at its end the listener is gone, so this process, its process
  # group and what it started must go at once. Only the process that opened the connection may write: what test code
  # forks inherits these objects, but not the right to report.
  class Control
    STOP = "{\"stop\":true}\n"

    attr_reader :pid
    # Called when the run ends early, on the thread that reads: must return at once.
    attr_accessor :on_stop

    def initialize(port, token, role, slot)
      @port = port
      @token = token
      @pid = Process.pid
      @lock = Mutex.new
      @lines = Queue.new
      @buffer = String.new
      @environment = %w[DISTRIBUTED_TEST_MARKER GORGON_WORKER_ID].map { |name| "#{name}=#{ENV[name]}" }
      @socket = TCPSocket.new('127.0.0.1', port)
      @socket.setsockopt(Socket::IPPROTO_TCP, Socket::TCP_NODELAY, 1)
      send_message(hello: token, role: role, slot: slot, pid: @pid)
      watch
      ForkWatch.on_fork = -> { drop_in_child }
    end

    # A connection of its own for a process that was forked from this one; closes the inherited one.
    def successor(role, slot)
      @socket.close
      Control.new(@port, @token, role, slot)
    end

    def owner?
      Process.pid == @pid
    end

    def send_message(message)
      return unless owner?

      line = "#{Json.generate(message)}\n"
      # A Timeout or Thread#raise of test code must not cut a line in two.
      Thread.handle_interrupt(Object => :never) { @lock.synchronize { @socket.write(line) } }
    rescue IOError, SystemCallError
      abandon
    end

    # Blocks for the next message.
    def receive
      line = nil
      # Test code may have killed every thread that it found, the one that reads included.
      watch until (line = @lines.pop)
      Json.parse(line)
    end

    # In a child that test code forked: the connection is not its business, and must not stay open through it.
    def drop_in_child
      @socket.close unless owner?
    rescue IOError
      nil
    end

    # The listener is gone, or has lost interest: leave nothing behind.
    def abandon
      strays.each do |pid|
        begin
          Process.kill(:KILL, pid)
        rescue SystemCallError
          next # It has ended meanwhile.
        end
      end
    rescue StandardError
      nil # Test code broke what this needs; the next listener on this host looks for strays, too.
    ensure
      leave
    end

    private

    def leave
      Process.kill(:KILL, -Process.getpgrp) if Process.getpgrp == @pid
    ensure
      Process.distributed_test_exit!(1)
    end

    # What a worker's test code started and put into another group or session, where the platform shows environments.
    def strays
      return [] unless ENV['GORGON_WORKER_ID'] && File.directory?('/proc/self')

      Dir.children('/proc').grep(/\A\d+\z/).map(&:to_i).select do |pid|
        begin
          pid != @pid && (@environment - File.binread("/proc/#{pid}/environ").split("\0")).empty?
        rescue SystemCallError
          false
        end
      end
    end

    def watch
      reader = Thread.new do
        Thread.current.name = 'distributed-test control'
        Thread.current.report_on_exception = false
        begin
          read_on
        ensure
          @lines << nil
        end
      end
      reader.priority = 3
    end

    def read_on
      loop do
        IO.select([@socket])
        # Whoever kills this thread must not take with it what it has just read.
        Thread.handle_interrupt(Object => :never) { take(@socket.readpartial(65_536)) }
      end
    rescue IOError, SystemCallError
      abandon if owner?
    end

    def take(data)
      @buffer << data
      while (line = @buffer.slice!(/\A[^\n]*\n/))
        line == STOP ? stopped : @lines << line
      end
    end

    def stopped
      on_stop && on_stop.call

    end
  end

  # Tells of the children that test code forks, where Ruby lets us see them (3.1 and later).
  module ForkWatch
    class << self
      attr_accessor :on_fork
    end

    def _fork
      pid = super
      ForkWatch.on_fork.call if pid.zero? && ForkWatch.on_fork
      pid
    end

    Process.singleton_class.prepend(self) if Process.respond_to?(:_fork)
  end

  # Test code that ends the process without unwinding (exit!) is seen here, so that it is reported as an exit and not
  # taken for a crash. The original stays reachable for our own use.
  module ExitWatch
    class << self
      attr_accessor :on_exit
    end

    def self.exiting(status)
      code = case status
             when true then 0
             when false then 1
             else Integer(status)
             end
      on_exit && on_exit.call(code)
    rescue StandardError
      nil
    end

    def self.install
      Process.singleton_class.send(:alias_method, :distributed_test_exit!, :exit!)
      watcher = proc do |status = false|
        DistributedTest::ExitWatch.exiting(status)
        Process.distributed_test_exit!(status)
      end
      DistributedTest.quietly do
        Process.define_singleton_method(:exit!, &watcher)
        Kernel.define_singleton_method(:exit!, &watcher)
        Kernel.send(:define_method, :exit!, &watcher)
        Kernel.send(:private, :exit!)
      end
    end
  end
end
