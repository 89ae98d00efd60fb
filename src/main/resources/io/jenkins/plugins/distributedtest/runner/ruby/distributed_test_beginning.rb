# frozen_string_literal: true

require_relative 'distributed_test_together'

module DistributedTest
  # `rake test` loads all files into one process, in its order, before it runs a test. Workers load file after file, each
  # some of them, and have the framework from their beginning. So before that a child loads all of them as `rake test` does,
  # and tells what a worker cannot see:
  #
  # - which tests each file brings then: a class may be there only since an earlier file has loaded a library, and a method
  #   may be replaced by a later file;
  # - the file with which the command ends, since it does not load behind the others, such as one that needs the framework
  #   before any has required it.
  #
  # No test is run.
  class Beginning
    # Seconds for all that; who needs longer is left to the limits of the files themselves.
    PATIENCE = 60
    # Seconds for what the files have left for the end of their process.
    LAST_PATIENCE = 5

    # What ends the command by what the files say, not by what happens to their host meanwhile.
    FAULTS = [NameError, TypeError, ArgumentError, ScriptError].freeze

    # What the command would say of the file that it ends with, by that file's absolute path: empty, or one.
    attr_reader :faults
    # What each file brings; nil if it is not known.
    attr_reader :expected
    # Why that is not known; nil if it is, or need not be.
    attr_reader :notice

    # @param files in rake's order
    # @param framework MinitestTests or TestUnitTests
    def initialize(files, framework)
      @files = files.map { |each| File.expand_path(each) }
      @framework = framework
      @faults = {}
      return if files.empty? || !Process.respond_to?(:fork)

      judge(ask)
    end

    private

    # One of: [:all, tests by file], [:fault, file, text], [:failed, file, text].
    def ask
      answer, told = IO.pipe
      answer.binmode
      child = fork do
        answer.close
        Child.new(@files, @framework, told).run
      end
      told.close
      read(answer)
    ensure
      finish(child)
      answer.close
    end

    # A length, then as many bytes: what the files have started may hold the pipe open.
    def read(answer)
      deadline = now + PATIENCE
      text = ''.b
      until text.bytesize >= 8 && text.bytesize >= 8 + text.unpack1('Q')
        return [:late] unless answer.wait_readable([deadline - now, 0].max)

        text << answer.readpartial(65_536)
      end
      Marshal.load(text.byteslice(8, text.bytesize)) # rubocop:disable Security/MarshalLoad -- of our own child
    rescue EOFError
      [:ended]
    end

    def finish(child)
      deadline = now + LAST_PATIENCE
      sleep 0.01 until (ended = Process.wait(child, Process::WNOHANG)) || now > deadline
      Process.kill(:KILL, -child)
    rescue SystemCallError
      nil # nothing is left of it
    ensure
      Process.wait(child) unless ended
    end

    def judge(answer)
      kind, file, said = answer
      case kind
      when :all then @expected = Expected.new(file, @files)
      when :fault then @faults = { file => said }
      when :failed then @notice = unknown("#{file} raises #{said}")
      when :late then @notice = unknown("it takes longer than #{PATIENCE} s")
      else @notice = unknown('the process ends meanwhile')
      end
    end

    def unknown(why)
      "All files cannot be loaded into one process beforehand, as rake test does (#{why}), " \
        'so it is not known whether it would run other tests of them'
    end

    def now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end

    # The life of the child.
    class Child
      def initialize(files, framework, told)
        @files = files
        @framework = framework
        @told = told
        @process = Process.pid
        @brought = defined?(Minitest) || defined?(Test::Unit) # by options of Ruby (`-r minitest/autorun`)
      end

      def run
        Process.setsid
        [STDOUT, STDERR].each { |stream| stream.reopen(File::NULL, 'w') }
        RubyClasses.put_on_load_path('lib', 'test')
        tell(load_all)
        leave
      end

      private

      def load_all
        together = Together.new(@framework)
        watch = TracePoint.new(:class) { |point| @brought ||= %w[Minitest Test::Unit].include?(point.self.name) }
        watch.enable
        @files.each do |file|
          fault = failure_of(file) { together.load_file(file) }
          return fault if fault
        end
        [:all, Expected.told(together.by_file)]
      ensure
        watch.disable if watch
      end

      def failure_of(file)
        yield
        stay
      rescue Exception => e # rubocop:disable Lint/RescueException -- test code may raise anything
        stay
        e.instance_of?(RuntimeError) || FAULTS.any? { |each| e.is_a?(each) } ? [:fault, file, fault(e)] : [:failed, file, "#{e.class}: #{e.message}"]
      end

      # Ends a process that test code forked and that comes back here as if it were this one.
      def stay
        Process.distributed_test_exit!(0) unless Process.pid == @process
      end

      def fault(error)
        "#{error.message} (#{error.class})\n#{Frames.of(error).first(5).join("\n")}\n\n#{@brought ? TOGETHER : WITHOUT}"
      end

      TOGETHER = 'It does not load behind the files before it in the order of rake test, which loads all files into one ' \
                 'process: rake test fails here, too, and runs nothing.'
      WITHOUT = 'Neither this file nor one before it in the order of rake test requires the framework, ' \
                'so rake test fails here, too, and runs nothing. Require it (the helper, minitest/autorun or test/unit) ' \
                'in this file.'

      def tell(answer)
        bytes = Marshal.dump(answer)
        @told.binmode
        @told.write([bytes.bytesize].pack('Q'), bytes)
        @told.close
      end

      # What the files have left for the end of their process is done, since it takes away what they have made; frameworks
      # run no tests where another exit code than 0 is on its way.
      def leave
        SimpleCov.pid = nil if defined?(SimpleCov) && SimpleCov.respond_to?(:pid=)
        RSpec::Core::Runner.disable_autorun! if defined?(RSpec::Core::Runner)
        exit(1)
      end
    end
    private_constant :Child
  end
end
