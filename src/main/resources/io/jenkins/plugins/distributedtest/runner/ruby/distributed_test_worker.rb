# frozen_string_literal: true

require 'rbconfig'
require_relative 'distributed_test_beginning'
require_relative 'distributed_test_control'
require_relative 'distributed_test_guests'
require_relative 'distributed_test_rails'
require_relative 'distributed_test_ruby_classes'
require_relative 'distributed_test_together'

module DistributedTest
  # The framework does not load: told to people with the way out.
  class SetupFailed < StandardError; end

  # What the project loads before its tests does not load.
  class ProjectFailed < SetupFailed; end

  # Backtraces as the project's people want them: without this program's own frames.
  module Frames
    OURS = /\A(?:#{Regexp.escape(__dir__)}|<internal:trace_point>)/.freeze

    def self.of(exception)
      Array(exception.backtrace).reject { |frame| OURS.match?(frame) }
    end

    def self.text(exception)
      "#{exception.message} (#{exception.class})\n#{of(exception).first(30).join("\n")}".strip
    end
  end

  # What is loaded once: framework, callbacks file, preload files.
  class Application
    attr_reader :adapter, :callbacks

    def initialize(config, adapter)
      @config = config
      @adapter = adapter
      RubyClasses.suite = Array(config['required']).map { |each| File.expand_path(each) }
      @faults = {}
    end

    # What the framework's own command says of a file that it ends with, though it may load here; nil for nothing.
    def fault_of(file)
      @faults[File.expand_path(file)]
    end

    # Why it is not known which tests the own command runs; nil if it is, or need not be.
    attr_reader :notice

    # The test files that the own command loads into one process, in its order.
    def files
      @files ||= @config['together'] ? File.read(@config['together'], encoding: 'UTF-8').split("\0") : []
    end

    def name
      @config['runner']
    end

    # How many workers the listener has.
    def slots
      Integer(@config['slots'] || 1)
    end

    # Loads everything, in the order that Gorgon's users know: the framework, then before_creating_workers (which
    # sets the environment and often loads the application), then what the framework's own options require, then the
    # preload files.
    def load
      rehearse
      guard("#{name} does not load") { adapter.load_framework }
      if @config['run_ruby_callbacks'] && @config['callbacks_class_file']
        require_relative 'distributed_test_callbacks'
        @callbacks = Callbacks.new(@config['callbacks_class_file'])
        call(:before_creating_workers)
        @opened = true
      end
      Stopped.allow { set_up }
    end

    # Whether before_creating_workers has come to a good end, so that after_creating_workers is due.
    def opened?
      @opened
    end

    def call(callback)
      @callbacks && @callbacks.call(callback)
    end

    # Runs a step of the set-up; whatever it raises becomes a message.
    def guard(what, failure = SetupFailed)
      yield
    rescue SetupFailed => e
      raise failure, e.message
    rescue SystemExit => e
      raise failure, "#{what}: it called exit(#{e.status})"
    rescue SignalException, NoMemoryError
      raise
    rescue Exception => e # rubocop:disable Lint/RescueException -- project code may raise anything
      raise failure, "#{what}: #{Frames.text(e)}"
    end

    # Calls one that closes what another has opened, and tells of its begin and its end.
    def close(callback, control)
      return unless @callbacks

      control.send_message(calls: callback.to_s)
      problem = ''
      begin
        call(callback)
      rescue Exception => e # rubocop:disable Lint/RescueException -- must not hide how the process ends
        problem = e.message
        STDERR.puts problem
      end
      control.send_message(called: callback.to_s, problem: problem)
    end

    private

    # Not where something is loaded before all files that the own command knows nothing of, nor where each file is to be
    # alone.
    def rehearse
      loads = @config['run_ruby_callbacks'] && @config['callbacks_class_file'] || !Array(@config['preload']).empty?
      return if loads || files.empty? || @config['isolation'] == 'file' || !adapter.respond_to?(:expected=)

      beginning = Beginning.new(files, name == 'minitest' ? MinitestTests : TestUnitTests)
      @faults = beginning.faults
      @notice = beginning.notice
      adapter.expected = beginning.expected
    end

    def set_up
      guard("#{name} cannot be set up", ProjectFailed) { adapter.configure(Array(@config['args'])) }
      Array(@config['preload']).each do |file|
        guard("The preload file #{file} does not load", ProjectFailed) { preload(file) }
      end
      guard("#{name} cannot be set up", ProjectFailed) { adapter.preloaded }
    end

    def preload(file)
      path = File.expand_path(file)
      raise SetupFailed, "The preload file #{file} is not there; it is looked for in #{Dir.pwd}" unless File.file?(path)

      # require, not load: a test file that requires it again must find it loaded.
      require path
    end
  end

  # Runs file after file for one slot.
  class Worker
    # @param log the file that standard output and error go to; nil if unknown
    def initialize(control, application, log = nil)
      @control = control
      @application = application
      @output = Output.new(log)
      @guests = Guests.new(application.name)
      @root = Dir.pwd
    end

    # How long test code gets to come to its end when it is stopped, in seconds. After that, closing callbacks are called
    # beside it.
    PATIENCE = 1

    # A worker that is its own preloader: also calls the callbacks that are the preloader's.
    def run_alone
      run(true)
    end

    # From before_start to after_complete. Leaves by returning, so that the project's at_exit blocks run.
    def run(alone = false)
      @process = Process.pid
      @alone = alone
      @main = Thread.current
      @lock = Mutex.new
      @control.on_stop = method(:stop)
      Stopped.hold { live }
    rescue Stopped
      nil # It has called what it had to call on its way out.
    end

    private

    def live
      begin_work
      @started = true
      Stopped.allow { serve }
    ensure
      # Also when a signal ends us; but not in a process that test code forked and that unwinds through here.
      if Process.pid == @process
        @let_go = true
        close? ? finish : @closer.join
      end
    end

    def begin_work
      @application.load if @alone
      srand
      take_over_coverage
      keep_streams
      @guests.forget
      @application.call(:before_start)
      RailsWorker.current = RailsWorker.new(@application.slots, !@application.callbacks.nil?)
      @application.guard('The tests cannot begin', ProjectFailed) { RailsWorker.current.set_up }
      @control.send_message(ready: true)
    rescue SetupFailed => e
      refuse(e.message, false, e.is_a?(ProjectFailed))
    rescue StandardError => e
      refuse(e.message, true)
    end

    # On the thread that reads.
    def stop
      @stopped = true
      Thread.new do
        @closer = Thread.current
        Thread.current.name = 'distributed-test stop'
        Thread.current.report_on_exception = false
        @main.raise(Stopped)
        wait_for_main
        if close?
          finish
          flush
          Process.distributed_test_exit!(0)
        end
      end
    end

    # Until test code has let go; what it does not let go of goes on beside the callbacks.
    def wait_for_main
      deadline = now + PATIENCE
      sleep 0.01 until @let_go || @started && now > deadline
    end

    def now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end

    # Whether the caller is the one who has to call what closes; once.
    def close?
      @lock.synchronize { !@closes && @closes = true }
    end

    def finish
      if @started
        finish_suite unless @stopped
        @application.close(:after_complete, @control)
      end
      @application.close(:after_creating_workers, @control) if @alone && @application.opened?
    end

    # What fails here fails the framework's own command, too.
    def finish_suite
      forgive_coverage
      problems = @application.adapter.finish
      RailsWorker.current.tear_down
      @control.send_message(closing: problems.join("\n\n")) unless problems.empty?
    rescue SystemExit => e
      @control.send_message(closing: "Test code called exit(#{e.status}) after the last file") unless e.success?
    rescue Exception => e # rubocop:disable Lint/RescueException -- must not hide how the worker ends
      @control.send_message(closing: "After the last file: #{e.message} (#{e.class})\n#{Frames.of(e).join("\n")}")
    end

    # SimpleCov leaves the result to the process that has started it: for a forked worker that is the preloader, which runs
    # no test. As SimpleCov does it for forks of its own.
    def take_over_coverage
      return unless defined?(SimpleCov) && SimpleCov.respond_to?(:pid=)

      SimpleCov.pid = Process.pid if SimpleCov.running
    end

    LIMITS = %i[minimum_coverage minimum_coverage_by_file maximum_coverage_drop].freeze

    # Limits of SimpleCov are for the whole suite, of which this process has run a part. What several workers of one tree
    # add to its result set is kept apart by its name.
    def forgive_coverage
      return unless defined?(SimpleCov)

      LIMITS.each { |limit| SimpleCov.public_send(limit, {}) if SimpleCov.respond_to?(limit) }
      slot = ENV.fetch('GORGON_WORKER_ID', nil)
      SimpleCov.command_name("#{SimpleCov.command_name} (slot #{slot})") if slot && SimpleCov.respond_to?(:command_name)
    end

    # Says so, once, with the first file after which they are known.
    def tell_limits
      return if @told_limits || !defined?(SimpleCov)

      limits = LIMITS.select { |limit| SimpleCov.respond_to?(limit) }.to_h { |limit| [limit, SimpleCov.public_send(limit)] }
      limits = limits.reject { |_, value| !value.respond_to?(:empty?) || value.empty? }
      return if limits.empty?

      @told_limits = true
      puts "distributed-test: not judged: #{limits.map { |each| each.join(' ') }.join(', ')} of SimpleCov"
    rescue StandardError
      nil # whatever SimpleCov makes of the question, it is no matter of the file
    end

    def refuse(message, callback, project = false)
      flush
      @control.send_message(error: message, callback: callback, project: project)
      exit(1)
    end

    def serve
      loop do
        message = @control.receive
        return if message['quit']

        run_file(message['run'], message['file'], message['together']) if message['run']
      end
    end

    # @param together whether all files of the run are loaded for it
    def run_file(id, file, together)
      process = Process.pid
      recorder = Recorder.new(@control, id, @output)
      # An earlier file has required it, so that its tests are not made again here.
      return recorder.again if @ran && RubyClasses.loaded?(File.expand_path(file))

      @ran = true
      ended = false
      ExitWatch.on_exit = ->(code) { leaving(id, process, code, "test code called exit!(#{code})") }
      begin
        apart = run_guarded(file, recorder, process, together) == :apart
        ended = true
      ensure
        ExitWatch.on_exit = nil
        # Neither an end nor an exception that we know: something ends this thread (Thread.exit, a signal's exception).
        leaving(id, process, 1, 'test code ended the main thread of its process') unless ended || $! # rubocop:disable Style/SpecialGlobalVars
      end
      # A child that test code forked without a block and that came back here as if it were the worker.
      Process.distributed_test_exit!(0) unless Process.pid == process
      return recorder.again(together: true) if apart

      tell_limits
      restore(recorder)
      recorder.done(@application.adapter.spent? || together)
    end

    # @return :apart if it was not run
    def run_guarded(file, recorder, process, together)
      raise SetupFailed, "#{file} is not there: #{File.expand_path(file)}" unless File.file?(file)

      fault = @application.fault_of(file)
      raise SetupFailed, fault if fault

      tell_notice(recorder)
      if together
        @application.adapter.run_together(@application.files, file, recorder)
      else
        @application.adapter.run_file(file, recorder)
      end
      @guests.run(File.expand_path(file), recorder, together)
    rescue Apart
      :apart
    rescue SystemExit => e
      raise unless Process.pid == process

      @application.adapter.interrupted(recorder, "called exit(#{e.status})")
      recorder.problem("called exit(#{e.status}), at #{where(e)}")
    rescue SignalException, NoMemoryError
      raise
    rescue SetupFailed => e
      recorder.problem(e.message)
    rescue Exception => e # rubocop:disable Lint/RescueException -- test code may raise anything
      recorder.problem(Frames.text(e))
    end

    # Once, with the first file.
    def tell_notice(recorder)
      recorder.warning(@application.notice) if @application.notice && !@told_notice
      @told_notice = true
    end

    def where(exception)
      frames = Frames.of(exception)
      frames.find { |frame| frame.start_with?(@root) || frame.start_with?('./') } || frames.first || 'an unknown place'
    end

    def leaving(id, process, code, message)
      return unless Process.pid == process

      flush
      @control.send_message(exiting: id, code: code, message: message)
    end

    # Streams, directory and signal handling as the next file expects them. ENV, constants and what else lives in the
    # process stay, as they do when the framework runs several files by itself.
    def restore(recorder)
      flush
      restore_stream(STDOUT, 1, @streams[0])
      restore_stream(STDERR, 2, @streams[1])
      STDOUT.sync = STDERR.sync = true
      $stdout = STDOUT
      $stderr = STDERR
      $stdin = STDIN
      Dir.chdir(@root)
      %w[TERM INT].each { |signal| trap(signal, 'DEFAULT') }
    rescue IOError, SystemCallError => e
      recorder.problem("It left its process in a state that cannot be undone: #{e.message}")
    end

    def keep_streams
      @streams = [STDOUT, STDERR].map(&:dup)
      @streams.each { |stream| stream.close_on_exec = true }
    end

    # Ruby never closes the descriptor of a standard stream itself, only its object.
    def restore_stream(stream, number, kept)
      stream.send(:initialize, number, 'a') if stream.closed?
      stream.reopen(kept) unless File.identical?(stream, kept)
    end

    def flush
      [$stdout, $stderr, STDOUT, STDERR].uniq.each do |stream|
        begin
          stream.flush if stream.respond_to?(:flush)
        rescue IOError, SystemCallError
          nil
        end
      end
    end
  end

  # What was printed since the last case ended, read back from the file that standard output and error go to.
  class Output
    # More than this many bytes per case is cut in the middle; the file's own output has it all.
    LIMIT = 32 * 1024

    def initialize(path)
      @path = path || (File.file?('/proc/self/fd/1') ? '/proc/self/fd/1' : nil)
      @read = 0
    end

    # Forgets what came before.
    def skip
      @read = File.size(@path) if @path
    rescue SystemCallError
      @path = nil
    end

    def take
      return '' unless @path

      from = @read
      @read = File.size(@path)
      length = @read - from
      return '' if length <= 0
      return File.binread(@path, length, from) if length <= LIMIT

      half = LIMIT / 2
      "#{File.binread(@path, half, from)}\n… #{length - LIMIT} bytes left out …\n".b +
        File.binread(@path, half, @read - half)
    rescue SystemCallError
      @path = nil
      ''
    end
  end

  # Collects what happens in one file and reports it.
  class Recorder
    def initialize(control, id, output)
      @control = control
      @id = id
      @output = output
      @problems = []
      @warnings = []
      @seed = nil
      @failed = false
      @output.skip
    end

    # A case has ended.
    #
    # @param fields name, class, seconds, status; message, type, trace, line where there are any
    def test_case(fields)
      @failed = true if %w[failed error].include?(fields[:status])
      fields = { id: @id, output: @output.take }.merge(fields)
      @control.send_message(case: fields.transform_values { |value| value.is_a?(String) ? cut(value) : value })
    end

    # Something outside of any case makes the file fail.
    def problem(message)
      @problems << message.to_s.strip
    end

    # Something that people should know of a file that passes; its output tells it in any case.
    def warning(message)
      puts "Warning: #{message}."
      @warnings << message
    end

    # Its tests run in an order by chance, which comes from a number.
    def order(seed)
      @seed = seed
      puts "\nRandomized with seed #{seed}"
    end

    # It is to be run by a new process.
    #
    # @param together whether that is to load all files of the run for it
    def again(together: false)
      @control.send_message(done: @id, status: 'passed', message: '', again: true, together: together)
    end

    # What its framework's own command passes over: the file fails by its cases, and yet passes as the command does.
    def pass_over(reason)
      @passed_over = true
      warning(reason)
    end

    # Whether the file fails already.
    def troubled?
      @failed || !@problems.empty?
    end

    # @param last whether this process is to run no other file
    def done(last)
      failed = troubled? && !@passed_over
      told = failed ? @problems : @passed_over ? @problems + @warnings : @warnings
      message = { done: @id, status: failed ? 'failed' : 'passed', message: cut(told.join("\n\n")), last: last }
      message[:decided] = true if @passed_over
      message[:seed] = @seed if @seed
      @control.send_message(message)
    end

    private

    LIMIT = 256 * 1024

    # A line of the protocol has a limit, and nobody reads more.
    def cut(text)
      return text if text.bytesize <= LIMIT

      text = Json.utf8(text)
      half = LIMIT / 4
      "#{text[0, half]}\n… #{text.length - 2 * half} characters left out …\n#{text[-half, half]}"
    end
  end
end
