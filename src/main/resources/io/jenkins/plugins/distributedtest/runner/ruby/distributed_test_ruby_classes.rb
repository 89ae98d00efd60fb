# frozen_string_literal: true

module DistributedTest
  # Which test classes, and which of their tests, a file brings: it may make classes, and may add to those that an earlier
  # file of its process has made.
  module RubyClasses
    module_function

    # Puts directories of the project first, as rake's test task does, before anything else is loaded.
    def put_on_load_path(*directories)
      there = directories.map { |each| File.expand_path(each) }.select { |each| File.directory?(each) }
      $LOAD_PATH.unshift(*there) unless $LOAD_PATH.first(there.size) == there
    end

    # Loads a file, noting which classes it and what it requires open (make or reopen by `class`), and which methods
    # each had before.
    def load_file(path)
      @before = {}
      trace = TracePoint.new(:class) { |point| note(point.self) }
      trace.enable { load(path) }
    end

    # The subclasses of a class that were opened while the last file was loaded.
    def opened(base)
      @before.keys.select { |each| each < base }
    end

    # Whether a method of instances of a class is there, or is as it is, since the last file was loaded.
    def new_in?(klass, name)
      method = klass.instance_method(name)
      !@before.fetch(klass, []).include?(method)
    rescue NameError
      false
    end

    # Whether a class is written in the file, or one of its methods is.
    def of_file?(klass, methods, path)
      return true if methods.any? { |name| defined_in?(klass, name, path) }

      klass.name && Object.respond_to?(:const_source_location) &&
        Object.const_source_location(klass.name).to_a[0] == path
    end

    # Whether a method of instances of the class is written in the file.
    def defined_in?(klass, name, path)
      klass.instance_method(name).source_location.to_a[0] == path
    rescue NameError
      false
    end

    def note(klass)
      return if !klass.is_a?(Class) || @before.key?(klass) || !test_class?(klass)

      @before[klass] = klass.public_instance_methods.map { |name| klass.instance_method(name) }
    end

    def test_class?(klass)
      defined?(Minitest::Runnable) && klass <= Minitest::Runnable ||
        defined?(Test::Unit::TestCase) && klass <= Test::Unit::TestCase
    end
  end
end
