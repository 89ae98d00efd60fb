# frozen_string_literal: true

# Stands in for the gem open4, which Gorgon had loaded wherever it called a project's callbacks: `require 'open4'` and
# the constant Open4 end up here where the gem is not installed. The same methods with the same meaning.
installed = begin
  Gem::Specification.find_by_name('open4')
rescue LoadError, NameError
  nil
end

if installed
  installed.activate
  require File.join(installed.full_require_paths.first, 'open4.rb')
else
  require 'timeout'

  # Processes with their three streams at hand.
  module Open4
    VERSION = '1.3.4'

    def self.version
      VERSION
    end

    class Error < StandardError; end

    # A command did not end with a status that was asked for.
    class SpawnError < Error
      attr_reader :cmd, :status

      def initialize(cmd, status)
        @cmd = cmd
        @status = status
        super("cmd <#{cmd}> failed with status <#{status.inspect}> signal <#{status.termsig.inspect}>")
      end

      def exitstatus
        status.exitstatus
      end
    end

    # Feeds a process and collects what it prints, a thread per stream.
    class Streams
      CHUNK = 65_536

      def initialize(stdin, stdout, stderr)
        @threads = []
        @stdin = stdin
        @outputs = [stdout, stderr]
      end

      def run(child_in, child_out, child_err)
        @threads << Thread.new { feed(child_in) }
        [child_out, child_err].zip(@outputs).each { |from, to| @threads << Thread.new { drain(from, to) } }
        @threads.each { |thread| thread.report_on_exception = false }
      end

      def finish
        @threads.each(&:join)
      end

      private

      def feed(child_in)
        each_part(@stdin) { |part| child_in.write(part) }
      rescue Errno::EPIPE
        nil # It reads no more.
      ensure
        child_in.close
      end

      def each_part(source, &block)
        case source
        when nil then nil
        when String then yield source
        when Integer then each_part(IO.for_fd(source, autoclose: false), &block)
        else source.respond_to?(:read) ? yield(source.read.to_s) : source.each(&block)
        end
      end

      def drain(from, to)
        to = IO.for_fd(to, autoclose: false) if to.is_a?(Integer)
        loop { part = from.readpartial(CHUNK); to << part if to }
      rescue EOFError
        nil
      end
    end

    module_function

    # Starts a command. Without a block returns [pid, stdin, stdout, stderr], and the caller waits for the process; with
    # one yields them, waits, and returns the process's status.
    def popen4(*command, &block)
      ours, theirs = pipes
      begin
        pid = Process.spawn(*command, in: theirs[0], out: theirs[1], err: theirs[2])
      rescue SystemCallError
        ours.each(&:close)
        raise
      ensure
        theirs.each(&:close)
      end
      attended(pid, ours, &block)
    end

    # The same, whether or not other descriptors stay open in the process: they never do.
    def popen4ext(_close_on_exec = false, *command, &block)
      popen4(*command, &block)
    end

    # The same with a block of Ruby in place of a command.
    def pfork4(function, &block)
      ours, theirs = pipes
      pid = fork do
        ours.each(&:close)
        [STDIN, STDOUT, STDERR].zip(theirs).each { |stream, pipe| stream.reopen(pipe) }
        STDOUT.sync = STDERR.sync = true
        function.call
        exit!(0)
      end
      theirs.each(&:close)
      attended(pid, ours, &block)
    end

    # Runs a command to its end with streams of the caller's.
    #
    # Options: stdin (text or something that is read), stdout and stderr (what << goes to), status (true: return
    # whatever came of it), exitstatus (one or several that are no error), raise (false: no error), quiet, cwd (dir),
    # timeout, in seconds, for all of it.
    def spawn(command, *rest)
      options = rest.last.is_a?(Hash) ? rest.pop : {}
      value = ->(*names) { names.map { |n| [n, n.to_s] }.flatten.map { |n| options[n] }.compact.first }
      words = command.is_a?(Array) ? command : [command, *rest]
      asked = value.call(:exitstatus, :exit_status)
      status = Timeout.timeout(value.call(:timeout, :spawn_timeout)) { served(words, value) }
      good = asked.nil? ? [0] : Array(asked == true ? (0..255).to_a : asked)
      quiet = options[:raise] == false || options['raise'] == false || value.call(:quiet, :ignore_exit_failure, :status)
      raise SpawnError.new(words.join(' '), status) unless quiet || good.include?(status.exitstatus)

      status
    end

    # Runs a command beside the caller; the thread that is returned has the status for its value, and knows the pid.
    def background(command, *rest)
      pid = Queue.new
      options = rest.last.is_a?(Hash) ? rest.pop : {}
      thread = Thread.new { spawn(command, *rest, options.merge(started: ->(id) { pid << id })) }
      thread.report_on_exception = false
      thread.define_singleton_method(:pid) { @pid ||= pid.pop }
      thread.define_singleton_method(:spawn_status) { value }
      thread.define_singleton_method(:exitstatus) { value.exitstatus }
      thread
    end

    # Whether a process is there.
    def alive?(pid)
      Process.kill(0, Integer(pid))
      true
    rescue Errno::ESRCH
      false
    end

    # Ends a process, by harder and harder signals. Whether it is gone.
    def maim(pid, options = {})
      Array(options[:signals] || %w[SIGTERM SIGQUIT SIGKILL]).each do |signal|
        begin
          Process.kill(signal, pid)
        rescue Errno::ESRCH
          return true
        end
        return true if gone?(pid, Float(options[:suspend] || 4))
      end
      !alive?(pid)
    end

    def gone?(pid, seconds)
      deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + seconds
      while alive?(pid)
        return false if Process.clock_gettime(Process::CLOCK_MONOTONIC) > deadline

        reaped = begin
          Process.waitpid(pid, Process::WNOHANG)
        rescue Errno::ECHILD
          nil # somebody else's
        end
        return true if reaped

        sleep 0.02
      end
      true
    end

    # Our ends of three pipes, and theirs.
    def pipes
      input, output, error = IO.pipe, IO.pipe, IO.pipe
      input[1].sync = true
      [[input[1], output[0], error[0]], [input[0], output[1], error[1]]]
    end

    def attended(pid, ours)
      return [pid, *ours] unless block_given?

      begin
        yield(pid, *ours)
      ensure
        ours.each { |stream| stream.close unless stream.closed? }
      end
      Process.waitpid2(pid).last
    end

    def served(words, value)
      streams = Streams.new(value.call(:stdin, :in, 0), value.call(:stdout, :out, 1), value.call(:stderr, :err, 2))
      started = value.call(:started)
      directory = value.call(:cwd, :dir)
      words = [*words, { chdir: directory.to_s }] if directory
      pid, *ours = start(words)
      started.call(pid) if started
      begin
        streams.run(*ours)
        streams.finish
        Process.waitpid2(pid).last
      rescue Timeout::Error
        maim(pid, signals: %w[SIGKILL])
        raise
      ensure
        ours.each { |stream| stream.close unless stream.closed? }
      end
    end

    def start(words)
      options = words.last.is_a?(Hash) ? words.last : {}
      ours, theirs = pipes
      pid = Process.spawn(*(words - [options]), { in: theirs[0], out: theirs[1], err: theirs[2] }.merge(options))
      [pid, *ours]
    ensure
      theirs && theirs.each(&:close)
    end

    class << self
      alias open4 popen4
      alias bg background
      alias alive alive?
      %i[gone? pipes attended served start].each { |name| private name }
    end
  end
end
