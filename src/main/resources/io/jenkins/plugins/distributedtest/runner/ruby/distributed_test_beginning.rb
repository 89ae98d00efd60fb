# frozen_string_literal: true

require_relative 'distributed_test_ruby_classes'

module DistributedTest
  # Whether the files that `rake test` loads first bring the framework themselves: in its one process the framework is not
  # there until a file has required it, and a file that needs it before that ends the command (NameError). A worker has the
  # framework from its beginning, so this is found out before that, by a child that loads these files in rake's order just
  # until one of them begins to load the framework.
  module Beginning
    # Seconds for what comes before it; who needs longer is left to the limits of the files themselves.
    PATIENCE = 60

    module_function

    # What the command would say of the file that it ends with, by that file's path: empty, or one.
    #
    # @param files in rake's order
    def faults(files)
      return {} if files.empty? || brought? || !Process.respond_to?(:fork)

      answer, told = IO.pipe
      child = fork do
        answer.close
        load_in_turn(files, told)
      end
      told.close
      read(answer, child)
    end

    # Options of Ruby (`-r minitest/autorun`) may have.
    def brought?
      defined?(Minitest) || defined?(Test::Unit)
    end

    # The life of the child. Nothing of what the files leave for the end of a process is done.
    def load_in_turn(files, told)
      [STDOUT, STDERR].each { |stream| stream.reopen(File::NULL, 'w') }
      RubyClasses.put_on_load_path('lib', 'test')
      stop = TracePoint.new(:class) { |point| leave if %w[Minitest Test::Unit].include?(point.self.name) }
      stop.enable { files.each { |file| load_one(file, told) } }
      leave
    end

    def load_one(file, told)
      require File.expand_path(file)
    rescue NameError => e
      told.write("#{file}\0#{e.message} (#{e.class})\n#{Frames.of(e).first(5).join("\n")}")
      told.close
      leave
    rescue Exception # rubocop:disable Lint/RescueException -- the file's own worker meets it, too, and tells of it
      leave
    end

    def leave
      Process.distributed_test_exit!(0)
    end

    def read(answer, child)
      text = answer.wait_readable(PATIENCE) ? answer.read : ''
      Process.kill(:KILL, child)
      Process.wait(child)
      file, said = text.split("\0", 2)
      file ? { File.expand_path(file) => message(said.force_encoding(Encoding::UTF_8)) } : {}
    end

    def message(said)
      "#{said}\n\nNeither this file nor one before it in the order of rake test requires the framework, " \
        'so rake test fails here, too, and runs nothing. Require it (the helper, minitest/autorun or test/unit) in this file.'
    end
  end
end
