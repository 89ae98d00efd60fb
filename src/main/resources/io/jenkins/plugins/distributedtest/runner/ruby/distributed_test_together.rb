# frozen_string_literal: true

require_relative 'distributed_test_ruby_classes'

module DistributedTest
  # A file brings other tests alone than it does when one process loads all files, as `rake test` does: it is to be run by
  # a process that loads them all.
  class Apart < StandardError; end

  # What a framework knows of classes with tests: those of Minitest.
  module MinitestTests
    module_function

    def base
      Minitest::Runnable if defined?(Minitest::Runnable)
    end

    # Those that run; a project may have taken some out.
    def classes
      base.runnables
    end

    # Names of tests; empty for an abstract class.
    def tests(klass)
      Minitest.seed ||= 0 # the order is by chance
      klass.runnable_methods
    rescue NotImplementedError
      []
    end
  end

  # The same for test-unit.
  module TestUnitTests
    module_function

    def base
      Test::Unit::TestCase if defined?(Test::Unit::TestCase)
    end

    def classes
      base::DESCENDANTS
    end

    def tests(klass)
      klass.suite.tests.map { |test| test.respond_to?(:method_name) ? test.method_name : test.name }.uniq
    end
  end

  # Test files that one process loads in their order, and which of them brings which tests.
  class Together
    class << self
      # Loads one without the others.
      #
      # @raise Apart if it does not load, and does so behind the others
      def load_alone(path, expected)
        process = Process.pid
        RubyClasses.require_file(path)
      rescue StandardError, ScriptError, SystemExit
        raise Apart if Process.pid == process && expected && expected.knows?(path)

        raise
      end

      # Loads all.
      #
      # @return what {#by_file} says
      def load_all(files, framework)
        together = new(framework)
        files.each { |file| together.load_file(File.expand_path(file)) }
        together.by_file
      end
    end

    # @param framework MinitestTests or TestUnitTests
    def initialize(framework)
      @framework = framework
      @makers = {}
      @bringers = {}
    end

    # @param path absolute; a file that an earlier one has required is loaded already
    def load_file(path)
      return if RubyClasses.loaded?(path)

      known = classes.dup
      RubyClasses.require_file(path)
      fresh = classes - known
      fresh.each { |klass| bring(klass, @framework.tests(klass), path) }
      return unless @framework.base

      opened = (RubyClasses.opened(@framework.base) & classes) - fresh
      opened.each { |klass| bring(klass, @framework.tests(klass).select { |name| RubyClasses.new_in?(klass, name) }, path) }
    end

    # The tests that are there now, by the file that brings each: a test that a later file writes anew is that file's, and
    # one that a class has got from elsewhere meanwhile is the file's that has made the class.
    #
    # @return names by class, by absolute path
    def by_file
      all = Hash.new { |files, path| files[path] = {} }
      classes.each do |klass|
        @framework.tests(klass).each { |name| (all[@bringers[[klass, name]] || @makers[klass]][klass] ||= []) << name }
      end
      all.delete(nil) # of what was there before any file
      all
    end

    private

    def classes
      @framework.base ? @framework.classes : []
    end

    def bring(klass, names, path)
      @makers[klass] ||= path
      names.each { |name| @bringers[[klass, name]] = RubyClasses.other_of(klass, name) || path }
    end
  end

  # Which tests each file is to have, as told by a process that has loaded all files in their order.
  class Expected
    # Test names may hold the address of an object.
    ADDRESS = /0x\h+/.freeze

    class << self
      # @return lists of texts, by absolute path
      def told(by_file)
        by_file.map { |path, tests| [path, texts(tests)] }.to_h
      end

      def texts(tests)
        tests.flat_map { |klass, names| names.map { |name| text(klass, name) } }
      end

      def text(klass, name)
        "#{klass}##{name}".gsub(ADDRESS, '0x')
      end
    end

    # @param by_file what {told} gave
    # @param files all files, by absolute paths; one that brings nothing is none of the former
    def initialize(by_file, files)
      @by_file = files.map { |path| [path, []] }.to_h.merge(by_file)
      @files = by_file.flat_map { |path, texts| texts.map { |text| [text, path] } }.to_h
    end

    def knows?(path)
      @by_file.key?(path)
    end

    # What a file is to run, of the tests that it has brought alone: not those that another file of the run brings.
    #
    # @param tests names by class
    # @raise Apart if it lacks some, or has some that are not there at all when all files are loaded
    def agreed(path, tests)
      expected = @by_file[path]
      return tests unless expected

      brought = Expected.texts(tests)
      raise Apart unless (expected - brought).empty?

      extra = brought - expected
      return tests if extra.empty?
      raise Apart unless extra.all? { |text| @files.key?(text) }

      tests.map { |klass, names| [klass, names.reject { |name| extra.include?(Expected.text(klass, name)) }] }.to_h
    end
  end
end
