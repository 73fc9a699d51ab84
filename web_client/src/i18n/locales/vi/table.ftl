# Tại bàn họp: trình chiếu, điều hành, thời gian phát biểu, biểu quyết, thông báo.
present-start = Trình chiếu
present-mine = Quý vị đang trình chiếu
present-followers = { $count ->
    [0] chưa có ai theo dõi
   *[other] { $count } người đang theo dõi
  }
present-stop = Dừng trình chiếu
present-pointer = Chỉ trên trang
present-pointer-off = Thôi chỉ
present-following = { $name } đang trình chiếu. Quý vị đang theo dõi.
present-own-way = { $name } đang trình chiếu. Quý vị đang tự đọc.
present-return = Trở lại với người trình chiếu
present-end-other = Kết thúc phần trình chiếu này
present-withheld = Tài liệu đang trình chiếu không dành cho quý vị.
present-withheld-leave = Hiển thị các đại biểu

announcement-read = Tôi đã đọc
run-tab = Điều hành
run-item = Nội dung hiện tại
run-no-item = Chưa có nội dung nào được thảo luận.
run-item-time = Thời gian đã dùng
run-take-up = Chuyển sang { $position }. { $title }
run-conclude = Kết luận nội dung
run-conclude-next = Kết luận, sau đó { $position }. { $title }
run-poll = Biểu quyết
run-floor = Mở danh sách phát biểu
run-attendance = Điểm danh
run-roll-call = Điểm danh đại biểu
run-announcement = Thông báo
run-announce-text = Nội dung trên mọi màn hình
run-announce = Hiển thị trên mọi màn hình
run-withdraw = Gỡ khỏi các màn hình
run-display = Mở trang trình chiếu hội trường
roll-help = Phím 1 đến 4 ghi nhận cho đại biểu và chuyển sang người tiếp theo; phím mũi tên để di chuyển lên xuống.
roll-in_person = Tại hội trường
roll-remote = Trực tuyến
roll-excused = Vắng có lý do
roll-absent = Vắng mặt

time-left = Còn { $time }
time-over = Quá { $time }
time-used = Đã dùng { $time }

room-floor-closed = Danh sách phát biểu đã đóng. Vẫn nhận ý kiến về thủ tục.
room-floor-close-list = Đóng danh sách
room-floor-open-list = Mở danh sách
room-floor-time = Thời gian phát biểu
room-floor-time-none = Không giới hạn
room-floor-minutes = { $minutes } phút
room-floor-paused = tạm dừng
room-floor-pause = Tạm dừng
room-floor-pause-of = Tạm dừng { $name }
room-floor-resume = Tiếp tục
room-floor-resume-of = Mời { $name } tiếp tục

room-poll-annulled = Đã hủy
room-poll-annulled-why = Đã hủy: { $reason }
room-poll-time = Thời gian biểu quyết
room-poll-time-over = Đã hết thời gian biểu quyết
room-poll-extend = Thêm một phút
room-poll-annul = Hủy biểu quyết
room-poll-annul-title = Hủy biểu quyết “{ $title }”?
room-poll-annul-text = Biểu quyết kết thúc mà không có kết quả đối với mọi người. Các phiếu vẫn được lưu nhưng không có giá trị.
room-poll-annul-reason = Lý do?
room-poll-edit = Sửa bản dự thảo
room-poll-save = Lưu bản dự thảo
room-poll-delete = Xóa
room-poll-delete-title = Xóa “{ $title }”?
room-poll-delete-text = Dự thảo sẽ bị xóa. Nội dung này chưa được đưa ra biểu quyết.
room-poll-recast = Biểu quyết lại nội dung này
room-poll-method = Cách biểu quyết
room-poll-method-yes_no_abstain = Tán thành, không tán thành hoặc không biểu quyết
room-poll-method-one_of = Chọn một trong các phương án
room-poll-options = Các phương án
    .hint = Mỗi dòng một phương án, ít nhất hai.
room-rules-unchanged = Giữ nguyên quy chế
room-poll-cut-off = { $count ->
   *[other] { $count } đại biểu có quyền biểu quyết đang bị gián đoạn
  }
room-poll-cut-off-lost = Mất kết nối: { $names }
room-poll-cut-off-absent = Không có mặt: { $names }
room-poll-cut-off-choice = Có thể cho thêm thời gian, vẫn kết thúc biểu quyết, hoặc hủy.
